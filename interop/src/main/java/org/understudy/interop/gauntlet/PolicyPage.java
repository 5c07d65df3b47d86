package org.understudy.interop.gauntlet;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What an MTA-STS policy host answers.
 *
 * @param status and what stands behind it in the first line of the answer
 * @param header a line, as {@code Content-Type: text/plain}
 */
record PolicyPage(String status, String header, String body, CertificateKind certificate) {
    private static final String PLAIN = "Content-Type: text/plain";
    private static final int WEEKS = 1_209_600;

    /** A good one; hosts without a dot are of the domain itself. */
    static PolicyPage of(String mode, String domain, String... hosts) {
        return text(mode, WEEKS, domain, hosts);
    }

    static PolicyPage text(String mode, int maxAge, String domain, String... hosts) {
        String lines = List.of(hosts).stream()
                .map(host -> host.endsWith(".")
                        ? host.substring(0, host.length() - 1)
                        : host + "." + domain + "." + Places.TOP)
                .map(host -> "mx: " + host + "\r\n")
                .collect(Collectors.joining());
        return new PolicyPage(
                "200 OK",
                PLAIN,
                "version: STSv1\r\nmode: " + mode + "\r\n" + lines + "max_age: " + maxAge + "\r\n",
                CertificateKind.GOOD);
    }

    PolicyPage answering(String otherStatus, String otherHeader) {
        return new PolicyPage(otherStatus, otherHeader, body, certificate);
    }

    PolicyPage saying(String otherBody) {
        return new PolicyPage(status, header, otherBody, certificate);
    }

    PolicyPage showing(CertificateKind other) {
        return new PolicyPage(status, header, body, other);
    }
}
