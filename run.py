"""The web application for a WSGI server (`gunicorn run:app`); `python run.py` is `xueshi run`."""

if __name__ == "__main__":
    from app.cli import main

    main(["run"])
else:
    from app import create_app

    app = create_app()
