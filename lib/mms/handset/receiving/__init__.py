"""Messages on their way in, from a raw TPDU to a message that the MMSC knows to be here.

inbox.py and waiting.py stay in memory; every other room is loaded when it has work:

    intake      a stored TPDU: parsed, assembled (assembly), given to the room of its kind:
                pushes (PDUs of MM1), indications (links), proposals (settings), short_messages (and their reports)
    entries     a new record; dedup finds the id of one that came before, eviction and retention make room
    arriving    a PDU while it arrives; retrieved checks and publishes it; contents and album read it
    noting      the steps of an Item
    expiry      what has become too old; recovery: after a start, and for a damaged record; losses: what is told of both

A room takes the store, or the `inbox`, of which it uses: store, events, outbox, waiting; get(id), put(id,
status), note(item), delete(id); count_dropped(kind), read_tpdu(name); own_number(). The
inbox also keeps the state of rooms that are not in memory: under_way (assembly), shelves and chosen (retention),
postponed (intake).
"""
