package org.understudy.probes.dns;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.understudy.probes.Role;
import org.understudy.smtp.DomainName;

/**
 * An exchanger as DNS has it.
 *
 * @param preference lowest in the MX records; empty if it is declared and not listed
 * @param role empty if it is listed and not declared
 * @param addresses of both families, in a stable order
 * @param isComplete false if a family could not be found out
 * @param evidence what each server said
 */
record Target(
        DomainName host,
        Optional<Integer> preference,
        Optional<Role> role,
        Authority authority,
        List<InetAddress> addresses,
        boolean isComplete,
        Map<String, String> evidence) {
    Target {
        addresses = List.copyOf(addresses);
        evidence = Collections.unmodifiableMap(new LinkedHashMap<>(evidence));
    }

    boolean hasIpv4() {
        return addresses.stream().anyMatch(Inet4Address.class::isInstance);
    }

    boolean hasIpv6() {
        return addresses.stream().anyMatch(a -> !(a instanceof Inet4Address));
    }

    boolean isBackup() {
        return role.filter(r -> r == Role.BACKUP).isPresent();
    }

    boolean isEntrance() {
        return role.filter(Role::isEntrance).isPresent();
    }

    /** Answers nobody on purpose, so its addresses may be anything. */
    boolean isTarpit() {
        return role.filter(r -> r == Role.TARPIT).isPresent();
    }

    /** Role and name, for a sentence. */
    String title() {
        return role.map(r -> "the " + r.word() + " ").orElse("") + host;
    }

    List<String> addressTexts() {
        return addresses.stream().map(InetAddress::getHostAddress).toList();
    }
}
