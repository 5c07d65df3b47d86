package org.understudy.probes.smtp;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.understudy.probes.MailDomain;
import org.understudy.probes.SmtpProbeSettings;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.Mailbox;

/** What the exchangers of one domain are asked about. Immutable. */
record Questions(MailDomain domain, SmtpProbeSettings settings) {
    /** Of many recipients so many are asked for; more in one transaction would look like a search for addresses. */
    private static final int MOST_KNOWN = 20;

    private static final int UNKNOWN_LENGTH = 20;
    /** RFC 5321 section 4.1.2: a local part that needs no quotes, in letters whose case can be changed. */
    private static final String PLAIN = "[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*";

    /** Recipients that every exchanger must take. */
    List<Mailbox> known() {
        List<Mailbox> all = domain.intent().smtp().validRecipients();
        return all.subList(0, Math.min(MOST_KNOWN, all.size()));
    }

    /** A recipient that must be taken: a declared one, or the postmaster (RFC 5321 section 4.5.1). */
    ForwardPath surest() {
        return known().stream().findFirst().map(ForwardPath::of).orElseGet(this::postmaster);
    }

    ForwardPath postmaster() {
        return inDomain("postmaster");
    }

    ForwardPath abuse() {
        return inDomain("abuse");
    }

    /** A recipient who does not exist, another one each time. */
    ForwardPath unknown() {
        return inDomain("u" + UUID.randomUUID().toString().replace("-", "").substring(0, UNKNOWN_LENGTH));
    }

    /** Other forms of the first known recipient, which the primary may or may not take for the same. */
    List<ForwardPath> forms() {
        Optional<Mailbox> first = known().stream().findFirst();
        if (first.filter(m -> m.localPart().matches(PLAIN)).isEmpty()) {
            return List.of();
        }
        String localPart = first.get().localPart();
        Optional<String> at = Optional.of(first.get().domain());
        List<ForwardPath> forms = new ArrayList<>();
        forms.add(new ForwardPath(localPart + "+understudy", at));
        String upper = localPart.toUpperCase(Locale.ROOT);
        if (!upper.equals(localPart)) {
            forms.add(new ForwardPath(upper, at));
        }
        forms.add(new ForwardPath(localPart, at.map(d -> d.toUpperCase(Locale.ROOT))));
        forms.add(new ForwardPath("\"" + localPart + "\"", at));
        return forms;
    }

    /** Senders in whose name is asked for relaying, besides that of the probe: RFC 5321 section 7.9. */
    List<String> relaySenders(String ourLiteral) {
        return List.of("<>", "<postmaster@" + domain.name() + ">", "<postmaster@" + ourLiteral + ">");
    }

    /** Ways to write somebody else's address that no local recipient can be called by. */
    List<String> relayForms(Mailbox elsewhere) {
        return List.of("<" + elsewhere + ">", "<@" + domain.name() + ":" + elsewhere + ">");
    }

    /** Ways to hide somebody else's address in a local part. */
    List<String> hiddenRelayForms(Mailbox elsewhere) {
        String user = elsewhere.localPart();
        String host = elsewhere.domain();
        String here = "@" + domain.name() + ">";
        return List.of(
                "<" + user + "%" + host + here,
                "<\"" + user + "@" + host + "\"" + here,
                "<" + user + "@" + host + here,
                "<" + host + "!" + user + here);
    }

    private ForwardPath inDomain(String localPart) {
        return new ForwardPath(localPart, Optional.of(domain.name().text()));
    }
}
