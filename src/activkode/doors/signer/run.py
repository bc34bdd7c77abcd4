"""The signer process: keys, limits and the journal of its own machine, and nothing else. Runs until SIGTERM or SIGINT."""

import signal
import sys
import threading

import structlog

from activkode.config.environment import SettingError
from activkode.doors.signer import keys, limits, settings
from activkode.doors.signer.desk import Desk
from activkode.doors.signer.door import Door
from activkode.doors.signer.journal import Journal

log = structlog.get_logger("activkode.signer")


def main() -> None:
    """Serves; exits with 2 where a setting, a file or the address cannot be used."""
    try:
        door = Door(settings.ear(), settings.secret(), desk_of(settings.files()))
    except SettingError as error:
        log.error("signer.bad_setting", detail=str(error))
        sys.exit(2)
    except OSError as error:
        log.error("signer.cannot_listen", detail=str(error))
        sys.exit(2)
    signals = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    threading.Thread(target=door.serve_forever, args=(0.1,), name="door", daemon=True).start()
    log.info("signer.ready")
    signal.sigwait(signals)
    door.shutdown()
    door.server_close()
    log.info("signer.stopped")


def desk_of(files: settings.Files) -> Desk:
    """What signs, of these files. Raises SettingError."""
    held = keys.load(files.keys)
    log.info("signer.keys", wallets={asset.value: key.wallet for asset, key in held.items()})
    return Desk(held, limits.load(files.limits), Journal(files.journal))
