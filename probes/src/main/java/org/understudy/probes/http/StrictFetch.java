package org.understudy.probes.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

/**
 * One GET on a connection of its own, which follows nobody elsewhere, asks once, keeps no cookies, and has a limit of time for
 * all of it. Confined to one thread; used once.
 */
public final class StrictFetch {
    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final HttpGet request;
    private final Duration limit;
    private final PoolingHttpClientConnectionManagerBuilder connections;

    /** @param limit for everything, from the name to the last octet */
    public StrictFetch(HttpGet request, Duration limit) {
        this(request, limit, PoolingHttpClientConnectionManagerBuilder.create());
    }

    /** @param connections where addresses and trust come from */
    public StrictFetch(HttpGet request, Duration limit, PoolingHttpClientConnectionManagerBuilder connections) {
        this.request = request;
        this.limit = limit;
        this.connections = connections;
    }

    /** What becomes of an answer. */
    @FunctionalInterface
    public interface Reading<T> {
        T read(ClassicHttpResponse response) throws IOException;
    }

    /** It had not ended within the limit. */
    public static final class LateException extends IOException {
        private static final long serialVersionUID = 1;

        private LateException(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /**
     * Fetches and reads.
     *
     * @throws LateException if it took too long
     * @throws IOException whatever else went wrong, or what the reading throws
     */
    public <T> T read(Reading<T> reading) throws IOException {
        AtomicBoolean late = new AtomicBoolean();
        // Limits of single reads would let a server drip for ever.
        CompletableFuture.delayedExecutor(limit.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> {
                    late.set(true);
                    request.cancel();
                });
        CloseableHttpClient client = client();
        try {
            return reading.read(client.executeOpen(null, request, null));
        } catch (IOException e) {
            boolean slow = e instanceof InterruptedIOException && !(e instanceof ConnectTimeoutException);
            throw late.get() || slow ? new LateException(e) : e;
        } finally {
            // Whatever else it would send is not waited for.
            client.close(CloseMode.IMMEDIATE);
        }
    }

    private CloseableHttpClient client() {
        Timeout patience = Timeout.of(limit.toMillis(), TimeUnit.MILLISECONDS);
        Timeout connect = Timeout.of(Math.min(limit.toMillis(), CONNECT.toMillis()), TimeUnit.MILLISECONDS);
        return HttpClients.custom()
                .setConnectionManager(connections
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(connect)
                                .setSocketTimeout(patience)
                                .build())
                        .setDefaultSocketConfig(
                                SocketConfig.custom().setSoTimeout(patience).build())
                        .build())
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableContentCompression()
                .disableCookieManagement()
                .disableAuthCaching()
                .setUserAgent("understudy")
                .build();
    }
}
