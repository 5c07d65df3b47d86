package org.understudy.agent.cli;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** What runs on a primary, and what to write into its configuration for the sake of a backup. */
enum PrimarySoftware {
    POSTFIX("""
            # main.cf
            # The backup says by XCLIENT which client brought a message: SPF, block lists and limits judge that client.
            # Leave the backup out of mynetworks: who is in it may send to anybody.
            smtpd_authorized_xclient_hosts = @bracketed@
            # A backlog comes as fast as it can: anvil must not throttle the backup itself.
            smtpd_client_event_limit_exceptions = $mynetworks, @bracketed@
            # Where postscreen runs, it lets the backup pass to the smtpd that knows XCLIENT.
            postscreen_access_list = permit_mynetworks, cidr:/etc/postfix/postscreen_access.cidr
            # reject_unknown_client_hostname does not suit XCLIENT: the backup does not look up the names of clients.

            # postscreen_access.cidr
            @permits@

            # Only without XCLIENT, in policyd-spf.conf: the backup's address says nothing about the sender.
            #   skip_addresses = 127.0.0.0/8,::ffff:127.0.0.0/104,::1,@prefixes@"""),
    EXIM("""
            # Main section
            hostlist backup_mx = @doubled@
            # Where Exim was built with EXPERIMENTAL_XCLIENT (exim -bV says so), this is all:
            #   hosts_xclient = +backup_mx
            # Leave the backup out of relay_from_hosts: who is in it may send to anybody.

            # Without XCLIENT: in acl_smtp_rcpt and acl_smtp_data, a condition of each statement that judges the client
            # (spf, dnslists, verify = reverse_host_lookup, ratelimit):
            #   !hosts = +backup_mx"""),
    RSPAMD("""
            # local.d/options.inc: to the addresses that are there
            local_addrs = [@quoted@];

            # local.d/external_relay.conf: the client is the first address in the trace fields that is not local
            enabled = true;
            rules {
              UNDERSTUDY_BACKUP {
                strategy = "local";
              }
            }
            # Not needed where the MTA takes XCLIENT: then rspamd is told the client by it."""),
    SPAMASSASSIN("""
            # local.cf: behind these hosts begins the outside; what they write into trace fields is believed
            trusted_networks @spaced@
            internal_networks @spaced@
            # Both lists replace the defaults: name the other hosts of yours as well.""");

    private final String template;

    PrimarySoftware(String template) {
        this.template = template;
    }

    /** Lines for its configuration files. */
    String configuration(List<InetAddress> backup) {
        return template.replace("@bracketed@", join(backup, ", ", a -> a.contains(":") ? "[" + a + "]" : a))
                .replace("@permits@", join(backup, "\n", a -> a + prefix(a) + " permit"))
                .replace("@prefixes@", join(backup, ",", a -> a + prefix(a)))
                // Exim separates by colons, and takes two for one.
                .replace("@doubled@", join(backup, " : ", a -> a.replace(":", "::")))
                .replace("@quoted@", join(backup, ", ", a -> '"' + a + '"'))
                .replace("@spaced@", join(backup, " ", a -> a));
    }

    private static String prefix(String address) {
        return address.contains(":") ? "/128" : "/32";
    }

    private static String join(List<InetAddress> backup, String between, UnaryOperator<String> each) {
        return backup.stream().map(PrimarySoftware::text).map(each).collect(Collectors.joining(between));
    }

    private static String text(InetAddress address) {
        String text = address.getHostAddress();
        int scope = text.indexOf('%');
        String literal = scope < 0 ? text : text.substring(0, scope);
        return address instanceof Inet6Address ? literal.replaceFirst("(^|:)(0(:0)+)(:|$)", "::") : literal;
    }
}
