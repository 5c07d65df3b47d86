package org.understudy.spool;

import java.util.Map;
import java.util.Optional;
import org.understudy.smtp.DomainName;

/**
 * How senders are told what became of their mail.
 *
 * @param relay the server that takes notices for every domain; without it none leaves
 * @param policies of the relay domains; {@link NoticePolicy#NEVER} for those that are missing
 * @param proof of the senders
 */
public record NoticeSettings(Optional<NextHop> relay, Map<DomainName, NoticePolicy> policies, SenderProof proof) {
    /** Under this name notices are queued, whatever the domain of their recipient; no domain has it (RFC 2606 section 2). */
    public static final DomainName QUEUE = new DomainName("notices.invalid");

    public static final NoticeSettings NONE = new NoticeSettings(Optional.empty(), Map.of(), SenderProof.NONE);

    public NoticeSettings {
        policies = Map.copyOf(policies);
    }

    public NoticePolicy policy(Optional<DomainName> domain) {
        return domain.map(name -> policies.getOrDefault(name, NoticePolicy.NEVER))
                .orElse(NoticePolicy.NEVER);
    }
}
