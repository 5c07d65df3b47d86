package org.understudy.interop.gauntlet;

import static org.understudy.interop.gauntlet.Domain.broken;

import java.util.List;
import org.understudy.interop.gauntlet.MailHost.Manner;

/** Faults of the records and of those who serve them. */
final class DnsFaults {
    private static final String DEAD = Places.NOWHERE;

    private DnsFaults() {}

    static List<Domain> all() {
        return List.of(
                broken("backup-first", "the backup has the lower preference")
                        .mx("20 mx1", "10 mx2")
                        .finds("mx-backup-preferred-over-primary critical"),
                broken("backup-equal", "primary and backup share a preference")
                        .mx("10 mx1", "10 mx2")
                        .finds("mx-equal-preference"),
                broken("backup-unlisted", "the declared backup has no MX record")
                        .mx("10 mx1")
                        .finds("mx-backup-missing critical"),
                broken("primary-unlisted", "the declared primary has no MX record")
                        .mx("20 mx2")
                        .finds("mx-primary-missing critical"),
                broken("stranger-behind", "an undeclared host behind the backup")
                        .mx("10 mx1", "20 mx2", "30 mx1.provider." + Places.TOP + ".")
                        .finds("mx-unexpected-host warning"),
                broken("stranger-ahead", "an undeclared host ahead of the primary")
                        .mx("5 mx1.provider." + Places.TOP + ".", "10 mx1", "20 mx2")
                        .finds("mx-unexpected-host critical"),
                broken("stranger-of-mute", "an exchanger for a domain that takes no mail")
                        .takesNoMail()
                        .mx("10 mx1.provider." + Places.TOP + ".")
                        .finds("mx-unexpected-host"),
                broken("no-mx", "no MX record, and a web server's address")
                        .mx()
                        .record("@ A <7>")
                        .finds("mx-none-implicit critical"),
                broken("unregistered", "the domain does not exist any more")
                        .delegated(Delegation.NONE)
                        .finds("mx-none-implicit critical")
                        .andPerhaps("mx-target-no-address", "mx-target-dangling"),
                broken("null-mx-by-mistake", "says that it takes no mail")
                        .mx("0 .")
                        .finds("mx-null-on-mail-domain critical"),
                broken("null-mx-beside", "a null MX beside the others")
                        .mx("0 .", "10 mx1", "20 mx2")
                        .finds("mx-null-with-other critical"),
                broken("alias", "the backup is an alias")
                        .without("mx2")
                        .host("real2", "<2>")
                        .record("mx2 CNAME real2")
                        .finds("mx-target-is-cname"),
                broken("literal", "an address for a name, with its dot forgotten")
                        .mx("10 <1>", "20 mx2")
                        .finds("mx-target-is-address-literal critical", "mx-primary-missing"),
                broken("literal-whole", "an address for a name")
                        .mx("10 mx1", "20 mx2", "30 <2>.")
                        .finds("mx-target-is-address-literal critical"),
                broken("underscore", "a name that no host may have")
                        .host("mx_3", "<3>")
                        .mx("10 mx1", "20 mx2", "30 mx_3")
                        .finds("mx-target-invalid-name"),
                broken("dot-forgotten", "the zone stands twice at the end of a name")
                        .mx("10 mx1", "20 mx2.dot-forgotten." + Places.TOP)
                        .finds("mx-target-invalid-name", "mx-backup-missing"),
                broken("backup-nowhere", "the backup has no address")
                        .without("mx2")
                        .finds("mx-target-no-address critical"),
                broken("backup-private", "the backup has a private address")
                        .host("mx2", "10.99.1.2")
                        .finds("mx-target-special-address critical")
                        .andPerhaps("backup-smtp-unreachable"),
                broken("backup-for-sale", "the backup is in a domain that nobody owns")
                        .mx("10 mx1", "20 mx.nobody-owns-this." + Places.TOP + ".")
                        .without("mx2")
                        .tiers("mx1 primary", "mx.nobody-owns-this." + Places.TOP + ". backup")
                        .finds("mx-target-dangling critical"),
                broken("twice", "the backup is listed twice")
                        .mx("10 mx1", "20 mx2", "30 mx2")
                        .finds("mx-duplicate-target"),
                broken("twice-by-address", "two backups are one")
                        .host("mx3", "<2>")
                        .mx("10 mx1", "20 mx2", "30 mx3")
                        .tiers("mx1 primary", "mx2 backup", "mx3 backup")
                        .finds("mx-duplicate-target"),
                broken("backup-late", "six addresses before the backup")
                        .host("mx1", "<1>", "<3>", "<4>", "<5>", "<6>", "<7>")
                        .finds("mx-backup-beyond-sender-limit"),
                broken("backup-old-family", "the primary has IPv6 and the backup has not")
                        .host("mx1", "<1>", "<v6:1>")
                        .finds("mx-family-asymmetry"),
                broken("backup-new-family", "the backup has IPv6 only")
                        .host("mx2", "<v6:2>")
                        .finds("mx-family-asymmetry"),
                broken("sub-astray", "a subdomain without the backup")
                        .record("lists MX 10 mx1")
                        .declares("subdomains: [lists.sub-astray." + Places.TOP + "]")
                        .finds("subdomain-mx-parity"),
                broken("long-ttl", "records live longer than a change may take")
                        .ttl(86_400)
                        .declares("recoveryObjective: 1h")
                        .finds("mx-ttl-unsuitable warning"),
                broken("short-ttl", "records live for a minute").ttl(60).finds("mx-ttl-unsuitable"),
                broken("servers-differ", "the second name server has no backup")
                        .mxAtSecond("10 mx1")
                        .finds("authoritative-servers-disagree critical", "mx-backup-missing"),
                broken("preferences-differ", "the second name server has another order")
                        .mxAtSecond("20 mx1", "10 mx2")
                        .finds("authoritative-servers-disagree critical", "mx-backup-preferred-over-primary"),
                broken("numbers-differ", "the second name server has other preferences in the same order")
                        .mxAtSecond("5 mx1", "20 mx2")
                        .finds("authoritative-servers-disagree warning"),
                broken("addresses-differ", "the second name server has another address of the backup")
                        .without("mx2")
                        .host("mx9", "<2>", "<3>")
                        .recordAt(1, "mx2 A <2>")
                        .recordAt(2, "mx2 A <3>")
                        .finds("authoritative-servers-disagree")
                        .andPerhaps("mx-ptr-missing-or-mismatched"),
                broken("server-dead", "a third name server does not answer")
                        .delegated(Delegation.alsoNaming("ns3", DEAD))
                        .record("ns3 A " + DEAD)
                        .finds("authoritative-server-unreachable warning"),
                broken("half-silent", "a third name server and the backup never say a word")
                        .delegated(Delegation.alsoNaming("ns3", Places.SILENT))
                        .record("ns3 A " + Places.SILENT)
                        .speaks("mx2", host -> host.takes(Manner.MUTE))
                        .finds("authoritative-server-unreachable warning", "backup-smtp-unreachable critical"),
                broken("server-lame", "the second name server does not have the zone")
                        .delegated(Delegation.onlyAt(1))
                        .finds("authoritative-server-unreachable critical"),
                broken("parent-old", "the parent names a server that the zone does not")
                        .delegated(
                                Delegation.parentNames(Places.HOSTER_NAMES[0], "ns9." + "registry." + Places.TOP + "."))
                        .finds("delegation-mismatch"),
                broken("parent-short", "the parent names one of two servers")
                        .delegated(Delegation.parentNames(Places.HOSTER_NAMES[0]))
                        .finds("delegation-mismatch"),
                broken("glue-old", "the parent has an old address of a name server")
                        .delegated(Delegation.inside("<8>", "<9>", "<7>"))
                        .record("ns1 A <8>")
                        .record("ns2 A <9>")
                        .finds("delegation-mismatch"),
                broken("servers-at-primary", "both name servers are in the primary's network")
                        .delegated(Delegation.inside("<1.53>", "<1.54>"))
                        .record("ns1 A <1.53>")
                        .record("ns2 A <1.54>")
                        .finds("dns-shared-fate-with-primary critical"),
                broken("signatures-expired", "the signatures ended yesterday")
                        .signed(Signing.EXPIRED)
                        .finds("dnssec-bogus critical"),
                broken("key-at-parent", "the parent knows another key")
                        .signed(Signing.OTHER_KEY_AT_PARENT)
                        .finds("dnssec-bogus critical"),
                broken("signatures-expiring", "the signatures end tomorrow")
                        .signed(Signing.EXPIRING)
                        .finds("dnssec-signatures-expiring"),
                broken("backup-unsigned", "the zone is signed, and that of the backup is not")
                        .signed(Signing.GOOD)
                        .mx("10 mx1", "20 mx1.provider." + Places.TOP + ".")
                        .without("mx2")
                        .tiers("mx1 primary", "mx1.provider." + Places.TOP + ". backup")
                        .finds("dnssec-insecure-mx-host warning"),
                broken("backup-nameless", "the address of the backup has no name")
                        .reverse("mx2", "")
                        .finds("mx-ptr-missing-or-mismatched"),
                broken("backup-misnamed", "the name of the backup's address leads elsewhere")
                        .reverse("mx2", "mx1")
                        .finds("mx-ptr-missing-or-mismatched"),
                broken("one-host", "primary and backup have one address")
                        .host("mx2", "<1>")
                        .finds("shared-fate-same-host critical"),
                broken("one-machine", "primary and backup are one machine with two addresses")
                        .host("mx2", "<1.2>")
                        .speaks("mx2", host -> host.greets("220 mx1.one-machine." + Places.TOP + " ESMTP"))
                        .finds("shared-fate-same-host critical", "shared-fate-same-network"),
                broken("one-network", "primary and backup are in one network")
                        .host("mx2", "<1.2>")
                        .finds("shared-fate-same-network"));
    }
}
