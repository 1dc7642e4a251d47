"""What people call the types and fields of MM1: for traces and messages, not loaded otherwise."""

TYPES = {
    0x80 + at: "M-" + name
    for at, name in enumerate(
        "Send.req Send.conf Notification.ind NotifyResp.ind Retrieve.conf Acknowledge.ind"
        " Delivery.ind Read-Rec.ind Read-Orig.ind Forward.req Forward.conf Mbox-Store.req"
        " Mbox-Store.conf Mbox-View.req Mbox-View.conf Mbox-Upload.req Mbox-Upload.conf"
        " Mbox-Delete.req Mbox-Delete.conf Mbox-Descr Delete.req Delete.conf Cancel.req"
        " Cancel.conf".split()
    )
}

# A leading "-" stands for "X-Mms-"
NAMES = {
    1 + at: "X-Mms" + name if name[0] == "-" else name
    for at, name in enumerate(
        "Bcc Cc -Content-Location Content-Type Date -Delivery-Report -Delivery-Time -Expiry From"
        " -Message-Class Message-ID -Message-Type -MMS-Version -Message-Size -Priority"
        " -Read-Report -Report-Allowed -Response-Status -Response-Text -Sender-Visibility -Status"
        " Subject To -Transaction-Id -Retrieve-Status -Retrieve-Text -Read-Status -Reply-Charging"
        " -Reply-Charging-Deadline -Reply-Charging-ID -Reply-Charging-Size -Previously-Sent-By"
        " -Previously-Sent-Date -Store -MM-State -MM-Flags -Store-Status -Store-Status-Text"
        " -Stored -Attributes -Totals -Mbox-Totals -Quotas -Mbox-Quotas -Message-Count Content"
        " -Start Additional-Headers -Distribution-Indicator -Element-Descriptor -Limit"
        " -Recommended-Retrieval-Mode -Recommended-Retrieval-Mode-Text -Status-Text -Applic-ID"
        " -Reply-Applic-ID -Aux-Applic-Info -Content-Class -DRM-Content -Adaptation-Allowed"
        " -Replace-ID -Cancel-ID -Cancel-Status".split()
    )
}
