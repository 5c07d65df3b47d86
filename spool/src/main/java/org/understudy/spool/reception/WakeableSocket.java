package org.understudy.spool.reception;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;

/**
 * A socket whose reader can be woken: after {@link #shutdownInput()} its reads end like those that took too long. The end of
 * the stream would be taken by TLS for an attack, which it answers with an alert, and nothing could be said any more.
 */
final class WakeableSocket extends Socket {
    private volatile boolean woken;

    @Override
    public void shutdownInput() throws IOException {
        woken = true;
        super.shutdownInput();
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new FilterInputStream(super.getInputStream()) {
            @Override
            public int read() throws IOException {
                return orTimeout(super.read());
            }

            @Override
            public int read(byte[] octets, int offset, int length) throws IOException {
                return orTimeout(super.read(octets, offset, length));
            }
        };
    }

    private int orTimeout(int read) throws SocketTimeoutException {
        if (read < 0 && woken) {
            throw new SocketTimeoutException("woken");
        }
        return read;
    }
}
