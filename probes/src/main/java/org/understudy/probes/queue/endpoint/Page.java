package org.understudy.probes.queue.endpoint;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;
import org.understudy.probes.http.StrictFetch;
import org.understudy.probes.queue.Words;
import org.understudy.smtp.Deadline;

/** A page that is fetched with GET and read while it comes, without following anybody elsewhere. Immutable. */
final class Page {
    private final URI url;
    private final String authorization;
    private final long largest;

    /**
     * @param authorization value of the field, or empty
     * @param largest octets that the page may have
     */
    Page(URI url, String authorization, long largest) {
        this.url = url;
        this.authorization = authorization;
        this.largest = largest;
    }

    /** What becomes of the octets of a page. */
    @FunctionalInterface
    interface Reading<T> {
        /**
         * Reads it to where it is needed.
         *
         * @throws IOException if the page is not what it should be; the message is a predicate of it
         */
        T read(InputStream in) throws IOException;
    }

    /** Without what may be a secret. */
    String name() {
        String port = url.getPort() < 0 ? "" : ":" + url.getPort();
        return url.getScheme() + "://" + url.getHost() + port + url.getPath();
    }

    /** @throws IOException if it does not come, or is not what it should be; the message says which page, and why */
    <T> T fetch(Duration limit, Deadline deadline, Reading<T> reading) throws IOException {
        Duration patience = deadline.cap(limit);
        HttpGet request = new HttpGet(url);
        if (!authorization.isEmpty()) {
            request.setHeader(HttpHeaders.AUTHORIZATION, authorization);
        }
        try {
            return new StrictFetch(request, patience).read(response -> read(response, reading));
        } catch (StrictFetch.LateException e) {
            throw new IOException(name() + " did not come within " + patience.toMillis() + " ms", e);
        } catch (IOException e) {
            throw new IOException(name() + " " + why(e), e);
        }
    }

    private static String why(IOException e) {
        return e instanceof Refused ? String.valueOf(e.getMessage()) : "cannot be fetched: " + Words.brief(message(e));
    }

    private static String message(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    /** The page is there, and not what it should be; the message is a predicate of it. */
    static final class Refused extends IOException {
        private static final long serialVersionUID = 1;

        Refused(String what) {
            super(what);
        }
    }

    private <T> T read(ClassicHttpResponse response, Reading<T> reading) throws IOException {
        int status = response.getCode();
        if (status >= HttpStatus.SC_REDIRECTION && status < HttpStatus.SC_CLIENT_ERROR) {
            throw new Refused(
                    "is redirected (" + status + "), which is not followed: write the address that it leads to");
        }
        if (status != HttpStatus.SC_OK) {
            throw new Refused("is answered with HTTP status " + status + " instead of 200");
        }
        HttpEntity entity = response.getEntity();
        if (entity == null) {
            throw new Refused("is empty");
        }
        return reading.read(new Bounded(entity.getContent(), largest));
    }

    /** Ends a page that is too large. */
    private static final class Bounded extends FilterInputStream {
        private final long largest;
        private long left;

        Bounded(InputStream in, long largest) {
            super(in);
            this.largest = largest;
            this.left = largest;
        }

        @Override
        public int read() throws IOException {
            int octet = in.read();
            return count(octet < 0 ? 0 : 1, octet);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int n = in.read(buffer, offset, length);
            return count(Math.max(0, n), n);
        }

        private int count(int octets, int result) throws Refused {
            left -= octets;
            if (left < 0) {
                throw new Refused("is larger than " + largest + " octets");
            }
            return result;
        }
    }
}
