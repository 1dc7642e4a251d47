"""Taking a picture with a camera that has `lock`, `freeze(size, quality)`, which gives a Picture, and `resume`."""


class Capture:
    """An async context manager that gives the Picture, one at a time. `resume` gets the error that ended it or None."""

    def __init__(self, camera, size, quality):
        self._camera, self._size, self._quality = camera, size, quality

    async def __aenter__(self):
        await self._camera.lock.acquire()
        try:
            return await self._camera.freeze(self._size, self._quality)
        except BaseException:  # CancelledError too
            self._camera.lock.release()
            raise

    async def __aexit__(self, kind, error, trace):
        try:
            await self._camera.resume(error)
        finally:
            self._camera.lock.release()
