package org.understudy.agent.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.dropwizard.util.Duration;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.understudy.smtp.Network;
import org.understudy.spool.RecipientSettings;
import org.understudy.spool.UnknownRecipients;
import org.understudy.spool.WhilePrimaryUp;

/** Which recipients of a relay domain are taken. */
public record RecipientsSection(
        @JsonPropertyDescription(
                "File of addresses, one a line; @domain stands for all of it, # begins a comment. Read again when it changes.")
        Optional<Path> listFile,

        @JsonPropertyDescription(
                "true if the list names every recipient the primary takes, so that others are refused for good."
                        + " Default false.")
        Boolean complete,

        @JsonPropertyDescription("Whether the primary is asked for recipients that are not known. Default true.")
        Boolean callout,

        @JsonPropertyDescription(
                "What becomes of recipients while nobody can say whether they exist: ACCEPT holds their mail,"
                        + " DEFER answers 450, ACCEPT_IF_AUTHENTICATED decides by SPF of the sender. Default ACCEPT.")
        UnknownRecipients unknown,

        @JsonPropertyDescription(
                "What becomes of mail while the primary is up: ACCEPT takes it, DEFER sends first contacts to the"
                        + " primary with 451. Default ACCEPT.")
        WhilePrimaryUp whilePrimaryUp,

        @JsonPropertyDescription(
                "Networks of clients whose mail is taken nevertheless, as 192.0.2.0/24 or 2001:db8::/32. Default none.")
        List<String> alwaysOpenTo,

        @JsonPropertyDescription("How long an address is known that the primary took. Default 31d.")
        Duration knownFor,

        @JsonPropertyDescription("How long an address is refused that the primary refused; at most 3d. Default 3h.")
        Duration refusedFor) {
    private static final Duration LONGEST_REFUSAL = Duration.days(3);

    public RecipientsSection(
            Optional<Path> listFile,
            @Nullable Boolean complete,
            @Nullable Boolean callout,
            @Nullable UnknownRecipients unknown,
            @Nullable WhilePrimaryUp whilePrimaryUp,
            @Nullable List<String> alwaysOpenTo,
            @Nullable Duration knownFor,
            @Nullable Duration refusedFor) {
        this.listFile = listFile;
        this.complete = complete != null && complete;
        this.callout = callout == null || callout;
        this.unknown = unknown == null ? UnknownRecipients.ACCEPT : unknown;
        this.whilePrimaryUp = whilePrimaryUp == null ? WhilePrimaryUp.ACCEPT : whilePrimaryUp;
        this.alwaysOpenTo = alwaysOpenTo == null ? List.of() : alwaysOpenTo;
        this.knownFor = knownFor == null ? Duration.days(31) : knownFor;
        this.refusedFor = refusedFor == null ? Duration.hours(3) : refusedFor;
        this.alwaysOpenTo.forEach(Network::parse);
        contradiction().ifPresent(c -> {
            throw new IllegalArgumentException(c);
        });
    }

    private Optional<String> contradiction() {
        if (complete && listFile.isEmpty()) {
            return Optional.of("complete says that a list names every recipient, and there is none: give listFile");
        }
        if (!callout && listFile.isEmpty() && unknown == UnknownRecipients.DEFER) {
            return Optional.of(
                    "with callout: false, without listFile and with unknown: DEFER nobody would ever be known:"
                            + " change one of the three");
        }
        if (!alwaysOpenTo.isEmpty() && whilePrimaryUp == WhilePrimaryUp.ACCEPT) {
            return Optional.of("alwaysOpenTo makes an exception to whilePrimaryUp: DEFER, which is not set");
        }
        if (knownFor.toNanoseconds() <= 0 || refusedFor.toNanoseconds() < 0) {
            return Optional.of("knownFor must be longer than nothing, and refusedFor not less");
        }
        return refusedFor.toNanoseconds() > LONGEST_REFUSAL.toNanoseconds()
                ? Optional.of("refusedFor is " + refusedFor + ", it must be at most 3d: new recipients would be refused"
                        + " for so long")
                : Optional.empty();
    }

    /** As the spool wants it. */
    RecipientSettings settings() {
        return new RecipientSettings(
                listFile,
                complete,
                callout,
                unknown,
                whilePrimaryUp,
                alwaysOpenTo.stream().map(Network::parse).toList(),
                knownFor.toJavaDuration(),
                refusedFor.toJavaDuration());
    }
}
