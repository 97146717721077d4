"""The command line, `matters`."""

import sys

from registry.errors import RegistryError


def main() -> None:
    """Run the command line. A person sees a sentence, never a traceback."""
    from registry.commands import app_for

    try:
        app_for(sys.argv[1] if len(sys.argv) > 1 else None)()
    except RegistryError as error:
        sys.exit(f"matters: {error}")
    except BrokenPipeError:
        # The reader of our output has seen enough: `matters check | head`.
        sys.stderr.close()
        sys.exit(141)


if __name__ == "__main__":
    main()
