package org.understudy.spool.recipients;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Mailbox;
import org.understudy.smtp.SmtpSyntaxException;

/**
 * The recipients of one domain, from a file that somebody else writes. One address a line, or a local part alone; {@code @domain}
 * stands for all of a domain; what follows {@code #} is a comment. Addresses of other domains are passed over, so that domains
 * can share a file. Read by any thread, renewed by one.
 *
 * <p>A list that is missing, empty, not understood, or suddenly less than half as long is not believed: what the last good one
 * named stays known, and of others nothing can be said. One that stays so short for an hour is meant.
 */
final class ListFile {
    private static final Logger LOG = LoggerFactory.getLogger(ListFile.class);
    private static final Duration MEANT_AFTER = Duration.ofHours(1);
    private static final int FEW = 10;
    private static final int MOST_ADDRESSES = 1_000_000;

    private final Path file;
    private final DomainName domain;
    private volatile State state = new State(Optional.empty(), "it was not read yet");

    private @Nullable Version seen;
    /** What was read and is not believed yet, because it is so short. */
    private @Nullable Content doubted;

    ListFile(Path file, DomainName domain) {
        this.file = file;
        this.domain = domain;
    }

    /** @param trouble why the file as it is now is not believed; empty text if it is */
    private record State(Optional<Content> lastGood, String trouble) {}

    /** @param localParts in lower case */
    private record Content(Set<String> localParts, boolean everybody, Instant read) {}

    private record Version(Object key, Object modified, long size) {
        static Version of(Path file) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Version(String.valueOf(attributes.fileKey()), attributes.lastModifiedTime(), attributes.size());
        }
    }

    /** True if it names the local part, in any case and with any {@code +detail}; only the primary may be stricter. */
    boolean contains(String localPart) {
        Optional<Content> content = state.lastGood();
        if (content.isEmpty()) {
            return false;
        }
        String name = localPart.toLowerCase(Locale.ROOT);
        int plus = name.indexOf('+');
        Set<String> names = content.get().localParts();
        return content.get().everybody()
                || names.contains(name)
                || (plus > 0 && names.contains(name.substring(0, plus)));
    }

    /** True if what it does not name can be told from what it does. */
    boolean isAvailable() {
        return state.trouble().isEmpty();
    }

    /** {@code the list /etc/recipients, read 3 min ago}. */
    String words(Instant now) {
        State current = state;
        String read =
                current.lastGood().map(c -> ", read " + Ages.ago(c.read(), now)).orElse("");
        return "the list " + file
                + (current.trouble().isEmpty() ? read : ", which cannot be used: " + current.trouble());
    }

    /** Reads the file if it is another than before. */
    void renew(Instant now) {
        try {
            Version before = Version.of(file);
            if (!before.equals(seen)) {
                Content content = read(now);
                if (!before.equals(Version.of(file))) {
                    // It is being written; the next time it is whole.
                    return;
                }
                seen = before;
                consider(content);
            }
            believeIfMeant(now);
        } catch (IOException e) {
            seen = null;
            unavailable(describe(e));
        }
    }

    private void consider(Content content) {
        Optional<Content> last = state.lastGood();
        int size = content.localParts().size();
        boolean shrunk = !content.everybody()
                && last.filter(l -> !l.everybody()
                                && l.localParts().size() >= FEW
                                && size * 2 < l.localParts().size())
                        .isPresent();
        if (shrunk) {
            doubted = content;
            unavailable("it names " + size + " addresses of " + domain + " instead of "
                    + last.orElseThrow().localParts().size() + ", and is believed if that is still so in an hour");
        } else {
            adopt(content);
        }
    }

    private void believeIfMeant(Instant now) {
        Content waiting = doubted;
        if (waiting != null && !now.isBefore(waiting.read().plus(MEANT_AFTER))) {
            adopt(waiting);
        }
    }

    private void adopt(Content content) {
        doubted = null;
        state = new State(Optional.of(content), "");
        LOG.info(
                "the recipient list {} names {} of {}",
                file,
                content.everybody() ? "all recipients" : content.localParts().size() + " recipients",
                domain);
    }

    private void unavailable(String why) {
        if (!state.trouble().equals(why)) {
            LOG.error("the recipient list {} of {} cannot be used: {}", file, domain, why);
        }
        state = new State(state.lastGood(), why);
    }

    private Content read(Instant now) throws IOException {
        Set<String> localParts = new HashSet<>();
        boolean everybody = false;
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                String entry = withoutComment(line);
                if (entry.startsWith("@")) {
                    everybody |= isOurs(entry.substring(1), number);
                } else if (!entry.isEmpty()) {
                    localPart(entry, number).ifPresent(localParts::add);
                }
                if (localParts.size() > MOST_ADDRESSES) {
                    throw new IOException("it names more than " + MOST_ADDRESSES + " addresses of " + domain);
                }
            }
        }
        if (localParts.isEmpty() && !everybody) {
            throw new IOException("it names no address of " + domain);
        }
        return new Content(localParts, everybody, now);
    }

    private static String withoutComment(String line) {
        int comment = line.indexOf('#');
        // A # may stand in a local part; a comment has the line's beginning or a space before it.
        boolean begins = comment == 0 || (comment > 0 && Character.isWhitespace(line.charAt(comment - 1)));
        return (begins ? line.substring(0, comment) : line).strip();
    }

    private boolean isOurs(String name, int line) throws IOException {
        try {
            return DomainName.parse(name).equals(domain);
        } catch (IllegalArgumentException e) {
            throw new IOException("line " + line + ": " + e.getMessage(), e);
        }
    }

    /** In lower case; empty if it belongs to another domain. */
    private Optional<String> localPart(String entry, int line) throws IOException {
        try {
            Mailbox mailbox = Mailbox.parse(entry.contains("@") ? entry : entry + "@" + domain);
            return mailbox.domainName().equals(Optional.of(domain))
                    ? Optional.of(mailbox.localPart().toLowerCase(Locale.ROOT))
                    : Optional.empty();
        } catch (SmtpSyntaxException e) {
            throw new IOException("line " + line + " is no address: " + e.getMessage(), e);
        }
    }

    private static String describe(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "it does not exist";
        }
        return e instanceof AccessDeniedException ? "permission denied" : String.valueOf(e.getMessage());
    }
}
