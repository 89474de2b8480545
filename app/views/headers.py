"""What every answer tells the browser: nothing from elsewhere, no frame around it, nothing kept on disk."""

from flask import Flask, Response, g, request

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none';"
    " form-action 'self'"
)

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def seal(web: Flask) -> None:
    """Put the headers on every answer. A view that has a stricter word of its own keeps it."""

    @web.after_request
    def _seal(answer: Response) -> Response:
        answer.headers.setdefault("Content-Security-Policy", POLICY)
        for name, words in ALWAYS.items():
            answer.headers.setdefault(name, words)
        if request.is_secure:
            answer.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if "Cache-Control" not in answer.headers:
            answer.headers["Cache-Control"] = "no-store"
        if request_id := g.get("request_id"):
            answer.headers["X-Request-Id"] = request_id
        return answer
