package org.understudy.spool.reception;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.understudy.smtp.EsmtpParameters;
import org.understudy.smtp.Reply;

/** Which parameters of MAIL and RCPT we take. Stateless. */
final class Parameters {
    static final String SIZE = "SIZE";
    static final String SMTPUTF8 = "SMTPUTF8";

    private static final Pattern XTEXT = Pattern.compile("(?:[!-*,-<>-~]|\\+[0-9A-F]{2})+");
    /** RFC 3461 section 4.2: addr-type ";" xtext */
    private static final Pattern ORCPT = Pattern.compile("[A-Za-z0-9-]+;" + XTEXT);
    /** RFC 6533 section 3: unitext, which only SMTPUTF8 can carry. */
    private static final Pattern ORCPT_UNITEXT =
            Pattern.compile("utf-8;(?:[!-*,-<>-~[^\\x00-\\x7F]]|\\+[0-9A-F]{2})+", Pattern.CASE_INSENSITIVE);

    /** RFC 1870 section 3 allows twenty digits, more than a long holds. */
    private static final int MAX_SIZE_DIGITS = 20;

    private static final int LONG_DIGITS = 18;

    private static final int MAX_ENVID = 100;
    private static final int MAX_ORCPT = 500;
    private static final Set<String> RET = Set.of("FULL", "HDRS");
    private static final Set<String> NOTIFY = Set.of("NEVER", "SUCCESS", "FAILURE", "DELAY");

    private Parameters() {}

    /** The reply that refuses the parameters of MAIL; empty if they are good. */
    static Optional<Reply> refuseMail(EsmtpParameters parameters, Offer offer) {
        for (Map.Entry<String, String> parameter : parameters.values().entrySet()) {
            Optional<Reply> refusal = refuseMail(parameter.getKey(), parameter.getValue(), offer);
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        return size(parameters).orElse(0) > offer.maximumBytes() ? Optional.of(Replies.TOO_BIG) : Optional.empty();
    }

    private static Optional<Reply> refuseMail(String keyword, String value, Offer offer) {
        return switch (keyword) {
            case SIZE -> require(isSize(value), keyword);
            case "BODY" -> refuseBody(value, offer);
            case SMTPUTF8 ->
                offer.smtpUtf8() ? require(value.isEmpty(), keyword) : Optional.of(Replies.unknownParameter(keyword));
            // RFC 3461 sections 4.3 and 4.4
            case "RET" -> require(RET.contains(CommandLine.upperCase(value)), keyword);
            case "ENVID" ->
                require(value.length() <= MAX_ENVID && XTEXT.matcher(value).matches(), keyword);
            default -> Optional.of(Replies.unknownParameter(keyword));
        };
    }

    /** RFC 6152 section 2, and RFC 3030 section 3 for what is not offered: content goes on by DATA. */
    private static Optional<Reply> refuseBody(String value, Offer offer) {
        return switch (CommandLine.upperCase(value)) {
            case "7BIT" -> Optional.empty();
            case "8BITMIME" ->
                offer.eightBitMime() ? Optional.empty() : Optional.of(Replies.unknownParameter("BODY=8BITMIME"));
            case "BINARYMIME" -> Optional.of(Replies.unknownParameter("BODY=BINARYMIME"));
            default -> require(false, "BODY");
        };
    }

    private static Optional<Reply> require(boolean good, String keyword) {
        return good ? Optional.empty() : Optional.of(Replies.syntax("bad value of " + keyword));
    }

    /** The declared size; the largest long for one that no long holds. Empty if none is declared, or nonsense. */
    static OptionalLong size(EsmtpParameters parameters) {
        String value = parameters.values().get(SIZE);
        if (value == null || !isSize(value)) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(
                value.length() > LONG_DIGITS && new BigInteger(value).bitLength() >= Long.SIZE
                        ? Long.MAX_VALUE
                        : Long.parseLong(value));
    }

    private static boolean isSize(String value) {
        return !value.isEmpty()
                && value.length() <= MAX_SIZE_DIGITS
                && value.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** The reply that refuses the parameters of RCPT; empty if they are good. */
    static Optional<Reply> refuseRcpt(EsmtpParameters parameters, boolean internationalized) {
        for (Map.Entry<String, String> parameter : parameters.values().entrySet()) {
            String value = parameter.getValue();
            Optional<Reply> refusal = switch (parameter.getKey()) {
                case "NOTIFY" -> require(isNotify(value), "NOTIFY");
                case "ORCPT" -> require(isOriginalRecipient(value, internationalized), "ORCPT");
                default -> Optional.of(Replies.unknownParameter(parameter.getKey()));
            };
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        return Optional.empty();
    }

    private static boolean isOriginalRecipient(String value, boolean internationalized) {
        return value.length() <= MAX_ORCPT
                && (ORCPT.matcher(value).matches()
                        || (internationalized && ORCPT_UNITEXT.matcher(value).matches()));
    }

    /** RFC 3461 section 4.1: NEVER stands alone. */
    private static boolean isNotify(String value) {
        Set<String> words =
                Set.copyOf(Arrays.asList(CommandLine.upperCase(value).split(",", -1)));
        return NOTIFY.containsAll(words) && (words.size() == 1 || !words.contains("NEVER"));
    }
}
