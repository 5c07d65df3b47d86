package org.understudy.agent.verdict;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.understudy.probes.DeclaredIntent;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Role;

/**
 * Everything the verdict is made from.
 *
 * @param findings current ones of every probe of the domain
 * @param held what the bundled spool has for the domain; empty if it is not this domain's backup
 * @param intent what the operator means to be so
 * @param contract newest look at the MX records that is still fresh
 */
public record DomainSituation(
        Instant now,
        List<ExchangerView> exchangers,
        List<ActiveFinding> findings,
        Optional<HeldMail> held,
        DeclaredIntent intent,
        Optional<ProbeResult> contract) {
    public DomainSituation {
        exchangers = List.copyOf(exchangers);
        findings = List.copyOf(findings);
    }

    List<ExchangerView> of(Role role) {
        return exchangers.stream().filter(e -> e.exchanger().role() == role).toList();
    }
}
