"""What every answer tells the browser: nothing from elsewhere, no frame around it, nothing kept on disk."""

from flask import Flask, Response, g, request

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none';"
    " form-action 'self'"
)

ALWAYS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


SECURE = {"Strict-Transport-Security": "max-age=31536000"}


def seal(web: Flask) -> None:
    """Put the headers on every answer. A view that has a stricter word of its own keeps it."""

    @web.after_request
    def _seal(answer: Response) -> Response:
        words = {**ALWAYS, **SECURE} if request.is_secure else ALWAYS
        given = {name.lower() for name, _words in answer.headers}
        answer.headers.extend([(name, said) for name, said in words.items() if name.lower() not in given])
        if request_id := g.get("request_id"):
            answer.headers["X-Request-Id"] = request_id
        return answer
