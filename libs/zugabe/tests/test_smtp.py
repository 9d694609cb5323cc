import asyncio
import smtplib
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path

from zugabe.ports import Ports
from zugabe.smtp import serve_smtp


async def test_every_mail_becomes_a_file_in_the_order_of_arrival(tmp_path: Path) -> None:
    port = Ports({}, {}).of("smtp")
    server = await serve_smtp(tmp_path / "mails", port)

    def send() -> None:
        with smtplib.SMTP("127.0.0.1", port) as post:
            for subject in ("Ihr Gutschein", "Ihre Prämie"):
                mail = EmailMessage()
                mail["From"], mail["To"], mail["Subject"] = "shop@a.example", "u@b.example", subject
                mail.set_content("Schöne Grüße")
                post.send_message(mail)

    await asyncio.to_thread(send)
    server.close()

    files = sorted((tmp_path / "mails").iterdir())
    mails = [BytesParser(policy=default).parsebytes(file.read_bytes()) for file in files]
    assert [mail["Subject"] for mail in mails] == ["Ihr Gutschein", "Ihre Prämie"]
    body = mails[0].get_body()
    assert body
    assert "Schöne Grüße" in body.get_content()
