package org.understudy.probes.policy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpStatus;
import org.jspecify.annotations.Nullable;
import org.understudy.probes.PolicySettings;
import org.understudy.probes.http.StrictFetch;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.ServerTrust;

/**
 * Fetches the MTA-STS policy of a domain as senders have to (RFC 8461 section 3.3): over HTTPS, with a certificate for the policy
 * host, without following anybody elsewhere. Addresses come from the caller, so that they are those of our own resolver.
 * Thread-safe.
 */
final class PolicyHost {
    /** RFC 8461 section 3.3 suggests both limits. */
    private static final int LARGEST = 64 * 1024;

    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final int port;
    private final ServerTrust trust;

    PolicyHost(PolicySettings settings) {
        this.port = settings.port();
        this.trust = new ServerTrust(Optional.empty(), settings.authorities(), Set.of());
    }

    /**
     * What was fetched.
     *
     * @param body of the policy; empty if there is none
     * @param contentType as the server says it, or empty
     * @param trouble why there is no body, a predicate of the policy; else empty
     */
    record Fetched(Optional<String> body, String contentType, String trouble) {}

    static DomainName name(DomainName domain) {
        return new DomainName("mta-sts." + domain);
    }

    Fetched fetch(DomainName domain, List<InetAddress> addresses, Deadline deadline) {
        DomainName host = name(domain);
        Duration limit = deadline.cap(LONGEST);
        HttpGet request = new HttpGet(
                URI.create("https://" + host + (port == 443 ? "" : ":" + port) + "/.well-known/mta-sts.txt"));
        HostTrust hostTrust = new HostTrust(trust, host);
        PoolingHttpClientConnectionManagerBuilder connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(new Known(addresses))
                // The trust looks at the name as well.
                .setTlsSocketStrategy(new DefaultClientTlsStrategy(
                        context(hostTrust), HostnameVerificationPolicy.CLIENT, (name, session) -> true));
        try {
            return new StrictFetch(request, limit, connections).read(PolicyHost::read);
        } catch (StrictFetch.LateException e) {
            return failed("did not come within " + limit.toSeconds() + " s");
        } catch (IOException e) {
            return failed(explain(e, hostTrust));
        }
    }

    private static Fetched failed(String trouble) {
        return new Fetched(Optional.empty(), "", trouble);
    }

    private static SSLContext context(HostTrust trust) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("TLS is not available in this Java runtime", e);
        }
    }

    private static Fetched read(ClassicHttpResponse response) throws IOException {
        int status = response.getCode();
        if (status >= HttpStatus.SC_REDIRECTION && status < HttpStatus.SC_CLIENT_ERROR) {
            // RFC 8461 section 3.3: senders must not follow.
            return failed("is redirected (" + status + "), which no sender follows");
        }
        if (status != HttpStatus.SC_OK) {
            return failed("is answered with HTTP status " + status + " instead of 200");
        }
        HttpEntity entity = response.getEntity();
        if (entity == null) {
            return failed("is empty");
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        InputStream in = entity.getContent();
        byte[] buffer = new byte[8192];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            body.write(buffer, 0, n);
            if (body.size() > LARGEST) {
                return failed("is larger than " + LARGEST + " octets");
            }
        }
        String type = Optional.ofNullable(entity.getContentType()).orElse("");
        return new Fetched(Optional.of(body.toString(StandardCharsets.UTF_8)), type, "");
    }

    private static String explain(IOException e, HostTrust trust) {
        if (!trust.objection.isEmpty()) {
            return "cannot be believed: " + trust.objection;
        }
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return "cannot be fetched: " + message.replaceAll("\\s+", " ").strip();
    }

    /** True if a content type is the one of a policy (RFC 8461 section 3.2). */
    static boolean isText(String contentType) {
        return contentType.toLowerCase(Locale.ROOT).matches("text/plain\\s*(;.*)?");
    }

    /** The addresses that are known already. */
    private record Known(List<InetAddress> addresses) implements DnsResolver {
        @Override
        public InetAddress[] resolve(String host) {
            return addresses.toArray(new InetAddress[0]);
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }

    /** Believes who proves to be the policy host, and remembers what spoke against it. Of one connection. */
    private static final class HostTrust extends X509ExtendedTrustManager {
        private final ServerTrust trust;
        private final DomainName host;
        private volatile String objection = "";

        HostTrust(ServerTrust trust, DomainName host) {
            this.trust = trust;
            this.host = host;
        }

        private void check(X509Certificate[] chain) throws CertificateException {
            Optional<String> against = trust.objection(host.text(), List.of(chain));
            if (against.isPresent()) {
                objection = against.get();
                throw new CertificateException(objection);
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
                throws CertificateException {
            throw new CertificateException("this is no server");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("this is no server");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw new CertificateException("this is no server");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
