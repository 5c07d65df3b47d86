package org.understudy.probes.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.understudy.probes.PolicySettings;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.TestAuthority;

/** RFC 8461 section 3.3: how a policy is fetched, and what senders do not put up with. */
class PolicyHostTest {
    private static final DomainName DOMAIN = new DomainName("example.org");
    private static final String POLICY = "version: STSv1\nmode: none\nmax_age: 86400\n";

    private PolicyServer server = PolicyServer.start();

    @AfterEach
    void close() {
        server.close();
    }

    private PolicyHost.Fetched fetch(PolicySettings settings, Duration patience) {
        return new PolicyHost(settings)
                .fetch(DOMAIN, List.of(InetAddress.getLoopbackAddress()), Deadline.after(patience));
    }

    private PolicyHost.Fetched fetch() {
        return fetch(server.settings(), Duration.ofSeconds(20));
    }

    private void restart(TestAuthority.Issued certificate) {
        server.close();
        server = PolicyServer.start(certificate).answers(PolicyServer.text(POLICY));
    }

    @Test
    void policy_isFetched_fromItsWellKnownPlace() {
        server.answers(PolicyServer.reply(200, "text/plain; charset=us-ascii", POLICY));
        PolicyHost.Fetched fetched = fetch();
        assertThat(fetched.trouble()).isEmpty();
        assertThat(fetched.body()).contains(POLICY);
        assertThat(PolicyHost.isText(fetched.contentType())).isTrue();
        assertThat(server.requests())
                .containsExactly("mta-sts.example.org:" + server.port() + "/.well-known/mta-sts.txt");
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void redirect_isNotFollowed(int status) {
        server.answers(exchange -> {
            exchange.getResponseHeaders()
                    .add("Location", "https://mta-sts.example.org:" + server.port() + "/elsewhere");
            PolicyServer.reply(status, "text/plain", POLICY).to(exchange);
        });
        assertThat(fetch().trouble()).contains("is redirected (" + status + ")");
        assertThat(server.requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 206, 401, 404, 500, 503})
    void otherStatus_isNoPolicy(int status) {
        server.answers(PolicyServer.reply(status, "text/plain", status == 204 ? "" : POLICY));
        assertThat(fetch().trouble()).contains("HTTP status " + status);
    }

    @Test
    void tooLarge_isNotRead() {
        server.answers(exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "text/plain");
            exchange.sendResponseHeaders(200, 0);
            byte[] block = "#".repeat(8192).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            try (OutputStream out = exchange.getResponseBody()) {
                while (true) {
                    out.write(block);
                }
            }
        });
        assertThat(fetch().trouble()).contains("is larger than 65536 octets");
    }

    @Test
    void exactlyLargeEnough_isRead() {
        server.answers(PolicyServer.text("#".repeat(64 * 1024)));
        assertThat(fetch().body()).hasValueSatisfying(body -> assertThat(body).hasSize(64 * 1024));
    }

    @Test
    void drippingServer_isNotWaitedFor() {
        server.answers(exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "text/plain");
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                while (true) {
                    out.write('#');
                    out.flush();
                    java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
                }
            }
        });
        assertThat(fetch(server.settings(), Duration.ofSeconds(1)).trouble()).contains("did not come within");
    }

    @ParameterizedTest
    @CsvSource({
        "dns:www.example.org, is not for mta-sts.example.org but for www.example.org",
        "dns:*.mta-sts.example.org, is not for mta-sts.example.org",
        "email:mta-sts@example.org, is not for mta-sts.example.org"
    })
    void certificateForAnotherName_isNotBelieved(String name, String objection) {
        restart(PolicyServer.AUTHORITY.issue(name));
        assertThat(fetch().trouble()).contains("cannot be believed", objection);
    }

    @Test
    void certificateWithWildcard_isBelieved() {
        restart(PolicyServer.AUTHORITY.issue("dns:*.example.org"));
        assertThat(fetch().trouble()).isEmpty();
    }

    @Test
    void certificateThatExpired_isNotBelieved() {
        restart(PolicyServer.AUTHORITY.expired("dns:mta-sts.example.org"));
        assertThat(fetch().trouble()).contains("cannot be believed", "has expired");
    }

    @Test
    void authorityThatNobodyKnows_isNotBelieved() {
        server.answers(PolicyServer.text(POLICY));
        PolicySettings publicAuthorities = new PolicySettings(server.port(), List.of(), List.of(), Set.of(), Set.of());
        assertThat(fetch(publicAuthorities, Duration.ofSeconds(20)).trouble())
                .contains("cannot be believed", "no authority that is trusted");
    }

    @Test
    void closedPort_saysWhy() {
        PolicySettings settings = server.settings();
        server.close();
        assertThat(fetch(settings, Duration.ofSeconds(20)).trouble()).contains("cannot be fetched", "refused");
    }
}
