package org.understudy.probes.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.understudy.probes.DnsSettings;
import org.understudy.probes.ResolverState;
import org.understudy.smtp.DomainName;

/** Resolvers that can be relied on, and others. */
class ResolverInspectionTest {
    private final DnsWorld world = new DnsWorld();

    @AfterEach
    void close() {
        world.close();
    }

    private Optional<String> trouble(String... domains) {
        return trouble(world.settings(), domains);
    }

    private static Optional<String> trouble(DnsSettings settings, String... domains) {
        List<ResolverState> states = new ResolverInspection(
                        settings, List.of(domains).stream().map(DomainName::new).toList())
                .look();
        assertThat(states).hasSize(1);
        return states.get(0).trouble();
    }

    @Test
    void resolverThatAnswers_isFine() {
        world.healthy();
        assertThat(trouble("example.org")).isEmpty();
    }

    @Test
    void oneDomainThatCannotBeResolved_isNotTheResolversFault() {
        world.healthy();
        world.resolver.failing("broken.example.org.");
        assertThat(trouble("broken.example.org", "example.org")).isEmpty();
    }

    @Test
    void resolverThatResolvesNone_isNot() {
        world.healthy();
        world.resolver.failing("example.org.").failing("broken.example.org.");
        assertThat(trouble("broken.example.org", "example.org").orElseThrow())
                .contains("broken.example.org: SERVFAIL", "example.org: SERVFAIL");
    }

    @Test
    void silentResolver_isNot() {
        DnsSettings settings = world.settings();
        world.resolver.close();
        assertThat(trouble(settings, "example.org").orElseThrow()).contains("no answer from 127.0.0.21");
    }

    @Test
    void resolverThatInventsAnswers_isNot() {
        world.healthy("*.invalid. 60 IN A 192.0.2.80");
        assertThat(trouble("example.org").orElseThrow()).contains("cannot exist", "192.0.2.80");
    }
}
