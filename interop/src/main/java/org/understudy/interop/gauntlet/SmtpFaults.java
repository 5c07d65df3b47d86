package org.understudy.interop.gauntlet;

import static org.understudy.interop.gauntlet.Domain.broken;

import java.util.List;
import org.understudy.interop.gauntlet.MailHost.Manner;

/** Faults of what the hosts say. */
final class SmtpFaults {

    private SmtpFaults() {}

    static List<Domain> all() {
        return List.of(
                broken("primary-dead", "nobody listens at the primary")
                        .speaks("mx1", host -> host.takes(Manner.CLOSED))
                        .finds("primary-smtp-unreachable critical"),
                broken("backup-dead", "nobody listens at the backup")
                        .speaks("mx2", host -> host.takes(Manner.CLOSED))
                        .finds("backup-smtp-unreachable critical"),
                broken("backup-mute", "the backup takes the connection and says nothing")
                        .speaks("mx2", host -> host.takes(Manner.MUTE))
                        .finds("backup-smtp-unreachable critical"),
                broken("address-dead", "nobody listens at one of the primary's addresses")
                        .host("mx1", "<1>", Places.NOWHERE)
                        .finds("mx-address-partially-unreachable"),
                broken("backup-hangs-up", "the backup greets with 554")
                        .speaks("mx2", host -> host.greets("554 5.3.2 no service here"))
                        .finds("smtp-greeting-hard-reject critical", "backup-smtp-unreachable"),
                broken("primary-hangs-up", "the primary greets with 554")
                        .speaks("mx1", host -> host.greets("554 5.3.2 no service here"))
                        .finds("smtp-greeting-hard-reject critical", "primary-smtp-unreachable"),
                broken("primary-busy", "the primary greets with 421")
                        .speaks("mx1", host -> host.greets("421 4.3.2 too busy"))
                        .finds("smtp-service-unavailable-4xx")
                        .andPerhaps("primary-smtp-unreachable"),
                broken("backup-busy", "the backup greets with 421, and nobody declared it")
                        .speaks("mx2", host -> host.greets("421 4.3.2 too busy"))
                        .finds("smtp-service-unavailable-4xx")
                        .andPerhaps("backup-smtp-unreachable"),
                broken("slow", "the primary thinks about a recipient for six seconds")
                        .speaks("mx1", host -> host.hesitates("^RCPT TO:<abuse@", 6))
                        .finds("smtp-slow"),
                broken("half-up", "the primary takes sessions and no recipient")
                        .speaks("mx1", host -> host.whenever("^RCPT", "451 4.3.0 <lookup> temporary failure"))
                        .finds("primary-half-up critical"),
                broken("half-up-for-good", "the primary refuses every recipient")
                        .speaks("mx1", host -> host.whenever("^RCPT", "550 5.1.1 no such user"))
                        .finds("primary-half-up critical"),
                broken("half-up-closing", "the primary ends the session at the first recipient")
                        .speaks("mx1", host -> host.whenever("^RCPT", "421 4.3.0 closing"))
                        .finds("primary-half-up critical"),
                broken("masked", "a firewall masks what the primary says")
                        .speaks(
                                "mx1",
                                host -> host.greets("220 ****************************")
                                        .offers("XXXXXXXA")
                                        .inTheClear())
                        .finds("smtp-middlebox-interference"),
                broken("relay", "the backup relays for anybody")
                        .speaks("mx2", host -> host.whenever("^RCPT TO:<probe@elsewhere", "250 2.1.5 Ok"))
                        .finds("backup-open-relay critical"),
                broken("relay-percent", "the backup relays for addresses hidden in local parts")
                        .speaks("mx2", host -> host.whenever("^RCPT TO:<probe%elsewhere", "250 2.1.5 Ok"))
                        .finds("backup-open-relay critical"),
                broken("relay-primary", "the primary relays for senders of its own domain")
                        .speaks("mx1", host -> host.whenever("^RCPT TO:<@[^:]*:probe@", "250 2.1.5 Ok"))
                        .finds("backup-open-relay critical"),
                broken("refused", "the backup does not know the domain")
                        .speaks("mx2", host -> host.whenever("^RCPT", "554 5.7.1 Relay access denied"))
                        .finds("backup-refuses-domain critical"),
                broken("backup-knows-nobody", "the backup refuses every recipient as unknown")
                        .speaks("mx2", host -> host.whenever("^RCPT", "550 5.1.1 User unknown"))
                        .finds("backup-refuses-domain critical"),
                broken("backup-takes-all", "the backup takes recipients whom the primary refuses")
                        .speaks("mx2", MailHost::knows)
                        .finds("backup-accepts-unknown-recipients critical"),
                broken("backup-list-old", "the backup does not know a user")
                        .speaks("mx2", host -> host.knows("postmaster", "abuse"))
                        .finds("backup-rejects-valid-recipients critical"),
                broken("outage-hard", "the primary is dead, and the backup refuses a user")
                        .speaks("mx1", host -> host.takes(Manner.CLOSED))
                        .speaks("mx2", host -> host.knows("postmaster", "abuse"))
                        .finds("primary-smtp-unreachable critical", "recipient-check-fails-hard critical"),
                broken("outage-hard-mute", "the primary says nothing, and the backup refuses a user")
                        .speaks("mx1", host -> host.takes(Manner.MUTE))
                        .speaks("mx2", host -> host.knows("postmaster", "abuse"))
                        .finds("primary-smtp-unreachable critical")
                        .andPerhaps("recipient-check-fails-hard"),
                broken("callout", "declared to be no catch-all, and takes anybody")
                        .bothSpeak(MailHost::knows)
                        .declares("catchAll: false")
                        .finds("callout-unreliable"),
                broken("size-smaller", "the backup takes smaller messages")
                        .speaks("mx2", host -> host.withholds("SIZE").offers("SIZE 10485760"))
                        .finds("size-limit-mismatch critical"),
                broken("size-larger", "the backup takes larger messages")
                        .speaks("mx2", host -> host.withholds("SIZE").offers("SIZE 104857600"))
                        .finds("size-limit-mismatch warning"),
                broken("size-unsaid", "the backup takes smaller messages, and does not say how small")
                        .speaks(
                                "mx2",
                                host -> host.withholds("SIZE")
                                        .offers("SIZE")
                                        .whenever("SIZE=(35|50|100|150)000000", "552 5.3.4 too big"))
                        .finds("size-limit-mismatch critical"),
                broken("utf8-backup", "only the backup takes SMTPUTF8")
                        .speaks("mx1", host -> host.withholds("SMTPUTF8"))
                        .finds("smtputf8-mismatch warning"),
                broken("utf8-primary", "only the primary takes SMTPUTF8")
                        .speaks("mx2", host -> host.withholds("SMTPUTF8"))
                        .finds("smtputf8-mismatch"),
                broken("eight-bits", "the backup does not take 8-bit content")
                        .speaks("mx2", host -> host.withholds("8BITMIME"))
                        .finds("8bitmime-mismatch"),
                broken("binary", "the backup takes binary content, and the primary does not")
                        .speaks("mx2", host -> host.offers("BINARYMIME"))
                        .finds("chunking-binarymime-mismatch"),
                broken("dsn", "the backup takes no wishes about notices")
                        .speaks("mx2", host -> host.withholds("DSN"))
                        .finds("dsn-extension-mismatch"),
                broken("requiretls", "the primary does not take REQUIRETLS")
                        .speaks("mx2", host -> host.offers("REQUIRETLS"))
                        .finds("requiretls-mismatch"),
                broken("bounces", "the backup refuses bounces")
                        .speaks("mx2", host -> host.whenever("^MAIL FROM:<>", "550 5.7.1 no bounces"))
                        .finds("null-sender-rejected critical"),
                broken("bounces-primary", "the primary refuses bounces")
                        .speaks("mx1", host -> host.whenever("^MAIL FROM:<>", "550 5.7.1 no bounces"))
                        .finds("null-sender-rejected critical"),
                broken("postmaster", "the backup refuses its postmaster")
                        .speaks("mx2", host -> host.knows("user", "abuse"))
                        .finds("postmaster-rejected warning"),
                broken("abuse-desk", "both refuse the abuse desk")
                        .bothSpeak(host -> host.knows("user", "postmaster"))
                        .finds("postmaster-rejected"),
                broken("few-recipients", "the backup takes ten recipients with a message")
                        .speaks("mx2", host -> host.offers("LIMITS RCPTMAX=10"))
                        .finds("recipient-limit-too-low"),
                broken("helo", "the backup refuses clients with an unqualified name")
                        .speaks("mx2", host -> host.whenever("^EHLO mail$", "504 5.5.2 need a full name"))
                        .finds("helo-policy-mismatch"),
                broken("login", "users can log in at the backup")
                        .speaks("mx2", host -> host.offers("AUTH PLAIN LOGIN"))
                        .finds("backup-offers-auth-or-submission"),
                broken("verify", "the primary tells who exists")
                        .speaks(
                                "mx1",
                                host -> host.whenever("^VRFY user@", "250 2.1.5 <user>")
                                        .whenever("^VRFY", "550 5.1.1 unknown"))
                        .finds("vrfy-expn-etrn-open"),
                broken("etrn", "strangers can run the queue of the backup")
                        .speaks("mx2", host -> host.offers("ETRN").whenever("^ETRN", "250 2.0.0 Queuing started"))
                        .finds("vrfy-expn-etrn-open"),
                broken("smuggling", "the primary ends messages at a lone LF")
                        .speaks("mx1", MailHost::endsAnywhere)
                        .finds("bare-lf-accepted critical"),
                broken("smuggling-backup", "the backup ends messages at a lone LF")
                        .speaks("mx2", MailHost::endsAnywhere)
                        .finds("bare-lf-accepted critical"),
                broken("plus", "the backup knows no details behind a plus")
                        .speaks("mx2", host -> host.whenever("^RCPT TO:<user\\+", "550 5.1.1 User unknown"))
                        .finds("address-semantics-mismatch"),
                broken("postfix-open", "a Postfix backup without a list of recipients")
                        .served()
                        .finds("backup-accepts-unknown-recipients critical"),
                broken("postfix-lenient", "a Postfix of an old configuration ends messages at a lone LF")
                        .served()
                        .finds("bare-lf-accepted critical"));
    }
}
