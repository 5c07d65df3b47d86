package org.understudy.spool.reception;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.understudy.smtp.EsmtpParameters;
import org.understudy.smtp.Reply;

/** Which parameters of MAIL and RCPT we take. Stateless. */
final class Parameters {
    private static final Pattern ENVID = Pattern.compile("(?:[!-*,-<>-~]|\\+[0-9A-F]{2})+");
    /** RFC 3461 section 4.2: addr-type ";" xtext */
    private static final Pattern ORCPT = Pattern.compile("[A-Za-z0-9-]+;" + ENVID);

    /** RFC 1870 section 3 allows twenty digits, more than a long holds. */
    private static final int MAX_SIZE_DIGITS = 20;

    private static final int MAX_ENVID = 100;
    private static final int MAX_ORCPT = 500;
    private static final Set<String> NOTIFY = Set.of("NEVER", "SUCCESS", "FAILURE", "DELAY");

    private Parameters() {}

    /** The reply that refuses the parameters of MAIL; empty if they are good. */
    static Optional<Reply> refuseMail(EsmtpParameters parameters, long maximumBytes) {
        for (Map.Entry<String, String> parameter : parameters.values().entrySet()) {
            String value = parameter.getValue();
            boolean good = switch (parameter.getKey()) {
                case "SIZE" -> isSize(value);
                case "BODY" -> value.equalsIgnoreCase("7BIT") || value.equalsIgnoreCase("8BITMIME");
                // RFC 3461 sections 4.3 and 4.4
                case "RET" -> value.equalsIgnoreCase("FULL") || value.equalsIgnoreCase("HDRS");
                case "ENVID" ->
                    value.length() <= MAX_ENVID && ENVID.matcher(value).matches();
                default -> {
                    yield false;
                }
            };
            if (!good) {
                return Optional.of(
                        isKnown(parameter.getKey())
                                ? Replies.syntax("bad value of " + parameter.getKey())
                                : Replies.unknownParameter(parameter.getKey()));
            }
        }
        return parameters
                .value("SIZE")
                .filter(size -> exceeds(size, maximumBytes))
                .map(size -> Replies.TOO_BIG);
    }

    private static boolean isKnown(String keyword) {
        return Set.of("SIZE", "BODY", "RET", "ENVID").contains(keyword);
    }

    private static boolean isSize(String value) {
        return !value.isEmpty()
                && value.length() <= MAX_SIZE_DIGITS
                && value.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static boolean exceeds(String digits, long limit) {
        return new BigInteger(digits).compareTo(BigInteger.valueOf(limit)) > 0;
    }

    /** The reply that refuses the parameters of RCPT; empty if they are good. */
    static Optional<Reply> refuseRcpt(EsmtpParameters parameters) {
        for (Map.Entry<String, String> parameter : parameters.values().entrySet()) {
            String value = parameter.getValue();
            switch (parameter.getKey()) {
                case "NOTIFY" -> {
                    if (!isNotify(value)) {
                        return Optional.of(Replies.syntax("bad value of NOTIFY"));
                    }
                }
                case "ORCPT" -> {
                    if (value.length() > MAX_ORCPT || !ORCPT.matcher(value).matches()) {
                        return Optional.of(Replies.syntax("bad value of ORCPT"));
                    }
                }
                default -> {
                    return Optional.of(Replies.unknownParameter(parameter.getKey()));
                }
            }
        }
        return Optional.empty();
    }

    /** RFC 3461 section 4.1: NEVER stands alone. */
    private static boolean isNotify(String value) {
        Set<String> words =
                Set.copyOf(Arrays.asList(value.toUpperCase(Locale.ROOT).split(",", -1)));
        return NOTIFY.containsAll(words) && (words.size() == 1 || !words.contains("NEVER"));
    }
}
