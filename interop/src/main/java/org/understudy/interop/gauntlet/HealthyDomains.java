package org.understudy.interop.gauntlet;

import static org.understudy.interop.gauntlet.Domain.healthy;

import java.util.List;
import org.understudy.interop.gauntlet.MailHost.Handshake;
import org.understudy.interop.gauntlet.MailHost.Manner;

/** Domains of which nothing may be said: what looks odd in them is meant, and declared. */
final class HealthyDomains {

    private HealthyDomains() {}

    static List<Domain> all() {
        return List.of(
                healthy("plain", "a primary and a backup"),
                healthy("active-active", "two hosts of one preference")
                        .mx("10 mx1", "10 mx2")
                        .declares("activeActive: true"),
                healthy("active-active-tiers", "the backup is tried first, as is declared")
                        .mx("20 mx1", "10 mx2")
                        .declares("activeActive: true"),
                healthy("alone", "no backup, on purpose").alone().declares("noBackup: true"),
                healthy("null-mx", "takes no mail and says so").takesNoMail().mx("0 ."),
                healthy("no-mail", "takes no mail and has no MX record").takesNoMail(),
                healthy("two-families", "IPv4 and IPv6 everywhere")
                        .host("mx1", "<1>", "<v6:1>")
                        .host("mx2", "<2>", "<v6:2>"),
                healthy("gateway", "filters in front of a primary without MX record")
                        .host("gw1", "<3>")
                        .host("gw2", "<4>")
                        .mx("10 gw1", "10 gw2", "20 mx2")
                        .tiers("gw1 gateway, gw2 gateway", "mx2 backup", "mx1 primary"),
                healthy("tarpit", "the first and the last host answer nobody, on purpose")
                        .host("mx0", "<3>")
                        .host("mx9", "<4>")
                        .speaks("mx0", host -> host.takes(Manner.CLOSED))
                        .speaks("mx9", host -> host.takes(Manner.CLOSED))
                        .mx("5 mx0", "10 mx1", "20 mx2", "99 mx9")
                        .tiers("mx0 tarpit", "mx1 primary", "mx2 backup", "mx9 tarpit"),
                healthy("greylisting", "the primary greylists, and says so")
                        .mayHideFrom("line-ends/")
                        .speaks(
                                "mx1",
                                host -> host.whenever(
                                        "^RCPT TO:<(user|postmaster|abuse)",
                                        "450 4.2.0 Recipient address rejected: Greylisted, come back later")),
                healthy("greylisting-silently", "both greylist with words of their own")
                        .mayHideFrom("line-ends/")
                        .bothSpeak(host -> host.whenever(
                                "^RCPT TO:<(user|postmaster|abuse)", "451 4.7.1 Try again in five minutes")),
                healthy("enforce", "MTA-STS enforced").enforces("mx1", "mx2"),
                healthy("enforce-below", "MTA-STS with a pattern for a subdomain")
                        .mx("10 mx1.in", "20 mx2.in")
                        .without("mx1")
                        .without("mx2")
                        .host("mx1.in", "<1>")
                        .host("mx2.in", "<2>")
                        .tiers("mx1.in primary", "mx2.in backup")
                        .enforces("*.in"),
                healthy("enforce-by-alias", "record, policy host and reports are aliases, which is allowed")
                        .record("_mta-sts CNAME _mta-sts.registry." + Places.TOP + ".")
                        .record("_smtp._tls CNAME _smtp._tls.registry." + Places.TOP + ".")
                        .record("mta-sts CNAME web")
                        .record("web A <5>")
                        .serves(PolicyPage.of("enforce", "enforce-by-alias", "mx1", "mx2")),
                healthy("testing", "MTA-STS in its first weeks")
                        .policy(PolicyPage.text("testing", 604_800, "testing", "mx1", "mx2")),
                healthy("catch-all", "every recipient is taken, as is declared")
                        .bothSpeak(MailHost::knows)
                        .declares("catchAll: true"),
                healthy("takes-all-alike", "both take every recipient, and nobody said why")
                        .bothSpeak(MailHost::knows),
                healthy("holds-unknown", "the backup holds mail for recipients it does not know, as is declared")
                        .speaks("mx2", MailHost::knows)
                        .declares("holdsUnknownRecipients: true"),
                healthy("defers", "the backup puts all sessions off while the primary is up, as is declared")
                        .speaks("mx2", host -> host.greets("421 4.3.2 the primary is up, go there"))
                        .declares("defersWhilePrimaryUp: true"),
                healthy(
                                "defers-recipients",
                                "the backup puts all recipients off while the primary is up, as is declared")
                        .mayHideFrom("line-ends/")
                        .speaks("mx2", host -> host.whenever("^RCPT", "451 4.3.2 the primary is up, go there"))
                        .declares("defersWhilePrimaryUp: true"),
                healthy("submission", "users log in at the backup, as is declared")
                        .speaks("mx2", host -> host.offers("AUTH PLAIN LOGIN"))
                        .declares("backupTakesSubmission: true"),
                healthy("self-made", "certificates of their own, and no policy")
                        .bothSpeak(host -> host.shows(CertificateKind.SELF_MADE)),
                healthy("in-the-clear", "no TLS on either, and no policy").bothSpeak(MailHost::inTheClear),
                healthy("tls12", "nothing newer than TLS 1.2 on either")
                        .bothSpeak(host -> host.secures(Handshake.WITHOUT_TLS13)),
                healthy("farm", "three primaries and two backups")
                        .host("mx3", "<3>")
                        .host("mx4", "<4>")
                        .host("mx6", "<6>")
                        .mx("10 mx1", "10 mx3", "10 mx4", "20 mx2", "30 mx6")
                        .tiers("mx1 primary, mx3 primary, mx4 primary", "mx2 backup", "mx6 backup"),
                healthy("addresses", "three addresses for the primary").host("mx1", "<1>", "<3>", "<4>"),
                healthy("elsewhere-backed", "the backup is a provider's")
                        .mx("10 mx1", "20 mx1.provider." + Places.TOP + ".")
                        .without("mx2")
                        .tiers("mx1 primary", "mx1.provider." + Places.TOP + ". backup"),
                healthy("provider", "what the backup of others is").alone().declares("noBackup: true"),
                healthy("followed", "a subdomain with the same records")
                        .record("lists MX 10 mx1")
                        .record("lists MX 20 mx2")
                        .declares("subdomains: [lists.followed." + Places.TOP + "]"),
                healthy("verified", "a record by which somebody proved that the domain is his")
                        .mx("10 mx1", "20 mx2", "32767 ms12345678.msv1.invalid."),
                healthy("banner", "a greeting of several lines, after six seconds")
                        .bothSpeak(host -> host.greets("220 " + host.name() + " ESMTP\n220 Welcome\n220 here")
                                .hesitates("^GREETING$", 6)),
                healthy("strict", "hangs up after ten errors").bothSpeak(MailHost::countsErrors),
                healthy("oldest", "knows HELO only, on both")
                        .bothSpeak(host -> host.inTheClear().whenever("^EHLO", "502 5.5.2 not known")),
                healthy("long-lived", "records for two days, as the objective allows")
                        .ttl(172_800)
                        .declares("recoveryObjective: 3d"),
                healthy("own-servers", "name servers in the zone itself")
                        .delegated(Delegation.inside("<8>", "<9>"))
                        .record("ns1 A <8>")
                        .record("ns2 A <9>"),
                healthy("signed", "a signed zone").signed(Signing.GOOD),
                healthy("signed-nsec3", "a signed zone with hashed names").signed(Signing.GOOD_NSEC3),
                healthy("signed-enforce", "a signed zone, and MTA-STS")
                        .signed(Signing.GOOD)
                        .enforces("mx1", "mx2"),
                healthy("spf", "SPF for the domain, and for each host by its own name")
                        .record("@ TXT \"v=spf1 ip4:<1> -all\"")
                        .record("mx1 TXT \"v=spf1 a -all\"")
                        .record("mx2 TXT \"v=spf1 a -all\"")
                        .record("_dmarc TXT \"v=DMARC1; p=reject\""),
                healthy("capitals", "names in capitals").mx("10 MX1", "20 Mx2.Capitals.Gauntlet."),
                healthy("postfix", "Postfix as primary and as backup").served());
    }
}
