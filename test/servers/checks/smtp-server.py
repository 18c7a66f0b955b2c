"""An aiosmtpd server on 127.0.0.1: prints its port and serves until it is killed. Arguments: certificate and key, or nothing."""
import asyncio
import ssl
import sys

from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP

context = None
if len(sys.argv) == 3:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1], sys.argv[2])


async def serve():
    loop = asyncio.get_running_loop()
    make = lambda: SMTP(Sink(), tls_context=context, hostname="mail.test", loop=loop)
    server = await loop.create_server(make, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(serve())
