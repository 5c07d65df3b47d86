package org.understudy.probes;

import java.util.List;

/**
 * The mailbox in which canaries arrive.
 *
 * @param tls {@code NONE}, {@code STARTTLS} or {@code IMPLICIT}
 * @param folders to search; the first is the one in which canaries belong, others make a canary junked
 */
public record ImapSettings(String host, int port, Tls tls, String user, String password, List<String> folders) {

    /** Protection of the connection. */
    public enum Tls {
        NONE,
        STARTTLS,
        IMPLICIT
    }

    public ImapSettings {
        folders = List.copyOf(folders);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return user + "@" + host + ":" + port;
    }
}
