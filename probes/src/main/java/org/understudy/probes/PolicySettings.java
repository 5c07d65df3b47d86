package org.understudy.probes;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import org.understudy.smtp.DomainName;

/**
 * How published policies are looked at.
 *
 * @param port of policy hosts: 443, except in a lab
 * @param authorities that may have issued the certificates of policy hosts; empty for those that the Java runtime trusts
 * @param blockLists DNS block lists that backups are looked up in; empty for none
 * @param primarysBlockLists those of them that the primary refuses mail by
 * @param quietBackups backups that are known to send no notices to strangers
 */
public record PolicySettings(
        int port,
        List<X509Certificate> authorities,
        List<DomainName> blockLists,
        Set<DomainName> primarysBlockLists,
        Set<DomainName> quietBackups) {
    /** As on the Internet, without block lists. */
    public static final PolicySettings STANDARD = new PolicySettings(443, List.of(), List.of(), Set.of(), Set.of());

    public PolicySettings {
        authorities = List.copyOf(authorities);
        blockLists = List.copyOf(blockLists);
        primarysBlockLists = Set.copyOf(primarysBlockLists);
        quietBackups = Set.copyOf(quietBackups);
    }
}
