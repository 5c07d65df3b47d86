package org.understudy.agent.cli;

import java.util.List;
import java.util.stream.Collectors;
import org.understudy.agent.config.DnsSection;
import org.understudy.probes.Exchanger;
import org.understudy.probes.MailDomain;
import org.understudy.probes.Role;

/** A configuration for one domain, to begin with: what is known stands in it, what only people know stands in comments. */
final class ConfigurationDraft {
    private static final int SMTP = 25;
    private static final int DNS = 53;

    private final MailDomain domain;
    private final LookupSections sections;
    private final StringBuilder text = new StringBuilder();

    ConfigurationDraft(MailDomain domain, LookupSections sections) {
        this.domain = domain;
        this.sections = sections;
    }

    String text() {
        text.setLength(0);
        lines(
                "# Understudy for " + domain.name()
                        + ", as DNS has it today. Look it over; then: understudy check FILE",
                "# The config.yml that comes with Understudy explains every key.",
                "",
                "agent:",
                "  # Name by which the agent greets mail servers: fully qualified, resolving to this machine.",
                "  name: " + quoted(sections.agent().name()),
                "  # The dashboard as people reach it; alerts link to it.",
                "  publicUrl: http://127.0.0.1:8080",
                "  dataDirectory: data",
                "");
        dns();
        lines(
                "# What should be true. A difference is reported from now on.",
                "domains:",
                "  - name: " + quoted(domain.name()));
        if (domain.intent().mail()) {
            exchangers();
            canary();
        } else {
            lines("    # Its only MX record is the null MX: it takes no mail.", "    mail: false");
        }
        rest();
        return text.toString();
    }

    private void dns() {
        DnsSection dns = sections.dns();
        if (dns.resolvers().isEmpty()
                && dns.authoritativePort() == DNS
                && dns.publicNetworks().isEmpty()) {
            return;
        }
        lines("dns:");
        if (!dns.resolvers().isEmpty()) {
            lines("  resolvers: "
                    + list(dns.resolvers().stream().map(Object::toString).toList()));
        }
        if (dns.authoritativePort() != DNS) {
            lines("  authoritativePort: " + dns.authoritativePort());
        }
        if (!dns.publicNetworks().isEmpty()) {
            lines("  publicNetworks: " + list(dns.publicNetworks()));
        }
        lines("");
    }

    private void exchangers() {
        lines(
                "    # In the order in which senders try them; those of one tier share a preference. The roles are a guess from",
                "    # that order: primary (has the mailboxes), backup (keeps and forwards), gateway (filters in front of the",
                "    # primary), tarpit (answers nobody on purpose).",
                "    tiers:");
        for (List<Exchanger> tier : domain.tiers()) {
            String begin = "      - - ";
            for (Exchanger exchanger : tier) {
                lines(
                        begin + "host: " + quoted(exchanger.host()),
                        "          role: " + exchanger.role().word());
                if (exchanger.port() != SMTP) {
                    lines("          port: " + exchanger.port());
                }
                begin = "        - ";
            }
        }
        if (domain.exchangers(Role.BACKUP).isEmpty()) {
            lines(
                    "    # There is no backup. If that is meant so, say it; if not, see the section spool below.",
                    "    # noBackup: true");
        }
    }

    private void canary() {
        lines(
                "    # Test messages that prove each path. They need a mailbox of the domain, and its login.",
                "    # canary:",
                "    #   recipient: canary@" + domain.name(),
                "    #   imap:",
                "    #     host: imap.example.net",
                "    #     port: 993",
                "    #     tls: IMPLICIT",
                "    #     user: canary@" + domain.name(),
                "    #     password: ${CANARY_PASSWORD}",
                "    #     folders: [INBOX, Junk]");
    }

    private void rest() {
        lines("");
        if (domain.intent().mail()) {
            String nextHop = domain.exchangers().get(0).host() + ":"
                    + domain.exchangers().get(0).port();
            lines(
                    "# This machine as a backup MX: it takes mail for the domain while the primary cannot, and forwards it.",
                    "# spool:",
                    "#   enabled: true",
                    "#   hostName: " + sections.agent().name(),
                    "#   listen: [\"0.0.0.0:25\"]",
                    "#   directory: data/spool",
                    "#   relay:",
                    "#     - domain: " + domain.name(),
                    "#       nextHop: " + nextHop,
                    "");
        }
        lines(
                "# Who is told. Mail about " + domain.name() + " must not go to " + domain.name() + ".",
                "# alerts:",
                "#   slack:",
                "#     - name: chat",
                "#       webhookUrl: ${SLACK_WEBHOOK_URL}",
                "",
                "# Bound to loopback: there is no login.",
                "server:",
                "  applicationConnectors:",
                "    - type: http",
                "      bindHost: 127.0.0.1",
                "      port: 8080",
                "  adminConnectors:",
                "    - type: http",
                "      bindHost: 127.0.0.1",
                "      port: 8081",
                "  requestLog:",
                "    appenders: []",
                "",
                "logging:",
                "  level: WARN",
                "  loggers:",
                "    org.understudy: INFO",
                "    # What does not validate, or has no SPF record, is a finding; the libraries would tell it a second time.",
                "    org.xbill.DNS.dnssec: \"OFF\"",
                "    org.apache.james.jspf: \"OFF\"");
    }

    private void lines(String... lines) {
        for (String line : lines) {
            text.append(line).append('\n');
        }
    }

    private static String list(List<String> values) {
        return values.stream().map(v -> '"' + v + '"').collect(Collectors.joining(", ", "[", "]"));
    }

    /** A name that could be read as a number or a truth value stands in quotes. */
    private static String quoted(Object name) {
        String plain = name.toString();
        return plain.matches("[a-z][a-z0-9_-]*(\\.[a-z0-9_-]+)+") ? plain : '"' + plain + '"';
    }
}
