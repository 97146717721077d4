"""The command line, `matters`."""

import sys

from registry.errors import RegistryError

# Libraries that come with an extra.
EXTRAS = {"pyarrow": "rates", "duckdb": "rates", "pyiceberg": "rates", "ibis": "rates", "numpy": "rates"}


def main() -> None:
    """Run the command line. A person sees a sentence, never a traceback."""
    try:
        from registry.commands import app_for

        app_for(sys.argv[1] if len(sys.argv) > 1 else None)()
    except RegistryError as error:
        sys.exit(f"matters: {error}")
    except ModuleNotFoundError as error:
        library = (error.name or "").partition(".")[0]
        if library not in EXTRAS:
            raise
        extra = f"pip install 'matter-registry[{EXTRAS[library]}]'"
        sys.exit(
            f"matters: 此命令需要 {library}；请执行 {extra} / this needs {library}, which is not installed: {extra}"
        )
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output has seen enough: `matters check | head`.
        sys.stderr.close()
        sys.exit(141)


if __name__ == "__main__":
    main()
