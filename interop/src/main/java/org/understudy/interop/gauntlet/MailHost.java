package org.understudy.interop.gauntlet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How a mail host speaks. One that nothing else is said of takes mail for the recipients {@code user}, {@code postmaster} and
 * {@code abuse} of every staged domain, in all the forms that such an address has. Immutable.
 *
 * @param greeting lines are separated by {@code \n}
 * @param offers keywords of EHLO besides STARTTLS
 * @param rules replies to commands that match; the first one counts
 * @param recipients local parts that are taken; empty for any
 * @param takes what it does with a connection
 * @param certificate empty for no STARTTLS
 * @param lenient ends messages also at lone CR and LF
 * @param patience errors after which it hangs up
 */
record MailHost(
        String name,
        String greeting,
        List<String> offers,
        List<Rule> rules,
        List<String> recipients,
        Manner takes,
        Optional<CertificateKind> certificate,
        Handshake handshake,
        boolean lenient,
        int patience) {
    private static final List<String> USUAL =
            List.of("PIPELINING", "SIZE 52428800", "8BITMIME", "ENHANCEDSTATUSCODES", "DSN", "SMTPUTF8", "CHUNKING");

    /** What becomes of a connection. */
    enum Manner {
        TALKS,
        /** Takes it and says nothing. */
        MUTE,
        /** Nobody listens. */
        CLOSED
    }

    /** What becomes of STARTTLS. */
    enum Handshake {
        SOUND,
        /** Something else than TLS comes. */
        BROKEN,
        /** Nothing newer than TLS 1.2. */
        WITHOUT_TLS13,
        NEEDS_NAME,
        /** Obeys under TLS what came in the clear behind STARTTLS. */
        OBEDIENT
    }

    /**
     * What is said instead of the usual.
     *
     * @param reply lines are separated by {@code \n}; empty for the usual one
     */
    record Rule(Pattern command, String reply, Duration pause) {}

    static MailHost good(String name) {
        return new MailHost(
                name,
                "220 " + name + " ESMTP",
                USUAL,
                List.of(),
                List.of("user", "postmaster", "abuse"),
                Manner.TALKS,
                Optional.of(CertificateKind.GOOD),
                Handshake.SOUND,
                false,
                Integer.MAX_VALUE);
    }

    MailHost greets(String reply) {
        return new MailHost(name, reply, offers, rules, recipients, takes, certificate, handshake, lenient, patience);
    }

    MailHost offers(String keyword) {
        List<String> more = new ArrayList<>(offers);
        more.add(keyword);
        return offering(more);
    }

    MailHost withholds(String keyword) {
        return offering(
                offers.stream().filter(o -> !o.split(" ", 2)[0].equals(keyword)).toList());
    }

    private MailHost offering(List<String> other) {
        return new MailHost(name, greeting, other, rules, recipients, takes, certificate, handshake, lenient, patience);
    }

    /** Answers a command that has this in it. */
    MailHost whenever(String pattern, String reply) {
        return rule(new Rule(Pattern.compile(pattern, Pattern.CASE_INSENSITIVE), reply, Duration.ZERO));
    }

    /** Takes its time with the usual answer. */
    MailHost hesitates(String pattern, int seconds) {
        return rule(new Rule(Pattern.compile(pattern, Pattern.CASE_INSENSITIVE), "", Duration.ofSeconds(seconds)));
    }

    private MailHost rule(Rule rule) {
        List<Rule> more = new ArrayList<>(rules);
        more.add(rule);
        return new MailHost(name, greeting, offers, more, recipients, takes, certificate, handshake, lenient, patience);
    }

    /** Only these local parts; any for none. */
    MailHost knows(String... localParts) {
        return new MailHost(
                name, greeting, offers, rules, List.of(localParts), takes, certificate, handshake, lenient, patience);
    }

    MailHost takes(Manner other) {
        return new MailHost(
                name, greeting, offers, rules, recipients, other, certificate, handshake, lenient, patience);
    }

    MailHost shows(CertificateKind kind) {
        return new MailHost(
                name, greeting, offers, rules, recipients, takes, Optional.of(kind), handshake, lenient, patience);
    }

    MailHost inTheClear() {
        return new MailHost(
                name, greeting, offers, rules, recipients, takes, Optional.empty(), handshake, lenient, patience);
    }

    MailHost secures(Handshake other) {
        return new MailHost(name, greeting, offers, rules, recipients, takes, certificate, other, lenient, patience);
    }

    MailHost endsAnywhere() {
        return new MailHost(name, greeting, offers, rules, recipients, takes, certificate, handshake, true, patience);
    }

    /** Hangs up at the tenth error, as Postfix does at the twentieth. */
    MailHost countsErrors() {
        return new MailHost(name, greeting, offers, rules, recipients, takes, certificate, handshake, lenient, 10);
    }

    boolean takesAnybody() {
        return recipients.isEmpty();
    }
}
