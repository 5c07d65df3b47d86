package org.understudy.spool.storage;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.EsmtpParameters;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.Mailbox;
import org.understudy.smtp.Recipient;
import org.understudy.smtp.ReversePath;
import org.understudy.spool.NoticeSettings;
import org.understudy.spool.Origin;

/**
 * Paths and parameters as texts in the store. What was accepted once is taken back as it is, without asking whether a later
 * version would still accept it.
 */
final class StoredPaths {

    private StoredPaths() {}

    static ReversePath reversePath(String text) {
        String inner = inner(text);
        if (inner.isEmpty()) {
            return ReversePath.NULL;
        }
        int at = inner.lastIndexOf('@');
        if (at < 0) {
            throw new IllegalArgumentException("not a reverse-path: " + text);
        }
        return ReversePath.of(new Mailbox(inner.substring(0, at), inner.substring(at + 1)));
    }

    static Recipient recipient(String path, String parameters) {
        String inner = inner(path);
        int at = inner.lastIndexOf('@');
        ForwardPath forwardPath = at < 0
                ? new ForwardPath(inner, Optional.empty())
                : new ForwardPath(inner.substring(0, at), Optional.of(inner.substring(at + 1)));
        return new Recipient(forwardPath, parameters(parameters));
    }

    static EsmtpParameters parameters(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String parameter : text.split(" ", -1)) {
            int equals = parameter.indexOf('=');
            if (!parameter.isEmpty()) {
                values.put(
                        equals < 0 ? parameter : parameter.substring(0, equals),
                        equals < 0 ? "" : parameter.substring(equals + 1));
            }
        }
        return new EsmtpParameters(values);
    }

    /** Under which domain a recipient is queued; empty for {@code <postmaster>}. Notices have a way of their own. */
    static String queueDomain(Origin origin, Recipient recipient) {
        return origin.isNotice()
                ? NoticeSettings.QUEUE.text()
                : recipient.path().domainName().map(DomainName::text).orElse("");
    }

    private static String inner(String path) {
        if (path.length() < 2 || path.charAt(0) != '<' || !path.endsWith(">")) {
            throw new IllegalArgumentException("not a path: " + path);
        }
        return path.substring(1, path.length() - 1);
    }
}
