package org.understudy.probes;

import java.time.Duration;
import java.util.List;
import org.understudy.smtp.DomainName;

/**
 * What the operator means to be so, although it would be a fault elsewhere. What is declared is never reported.
 *
 * @param mail false if the domain takes no mail
 * @param noBackup true if the domain has no backup on purpose
 * @param activeActive true if primary and backup take mail side by side, in any order
 * @param recoveryObjective in this time senders should follow a change of the records
 * @param subdomains further domains that should have the same MX records
 * @param smtp what exchangers are meant to answer
 */
public record DeclaredIntent(
        boolean mail,
        boolean noBackup,
        boolean activeActive,
        Duration recoveryObjective,
        List<DomainName> subdomains,
        SmtpIntent smtp) {
    /** Nothing out of the ordinary; a change of the records may take a day. */
    public static final DeclaredIntent STANDARD = new DeclaredIntent(true, false, false, Duration.ofDays(1), List.of());

    public DeclaredIntent {
        subdomains = List.copyOf(subdomains);
    }

    /** With nothing said of what exchangers answer. */
    public DeclaredIntent(
            boolean mail,
            boolean noBackup,
            boolean activeActive,
            Duration recoveryObjective,
            List<DomainName> subdomains) {
        this(mail, noBackup, activeActive, recoveryObjective, subdomains, SmtpIntent.STANDARD);
    }

    /** The same with something said of what exchangers answer. */
    public DeclaredIntent withSmtp(SmtpIntent other) {
        return new DeclaredIntent(mail, noBackup, activeActive, recoveryObjective, subdomains, other);
    }
}
