package org.understudy.alerts.message;

import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.understudy.alerts.Severity;

/**
 * A notification in words, before a channel gives it a form. All of it is plain text that may hold anything a remote
 * server said.
 *
 * @param headline one line that says it all, for example {@code [CRITICAL] example.org: primary MX down}
 * @param title the same without the tag and the duration
 * @param lead one or two sentences: what is wrong, or that it is over
 * @param resolved whether this is the end, or good news of another kind
 * @param since when it began
 * @param until when it ended; empty if it lasts
 * @param lasted how long, in words
 * @param impact what it does to mail; may be empty
 * @param instruction what to do; empty if there is nothing to do
 * @param footer names alert and agent
 */
public record Message(
        String headline,
        String title,
        String lead,
        Severity severity,
        boolean resolved,
        Instant since,
        Optional<Instant> until,
        String lasted,
        String impact,
        String instruction,
        Map<String, String> evidence,
        Optional<URI> link,
        String footer) {}
