package org.understudy.interop.gauntlet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Signs zones with one key each, by the programs of BIND. Used by one thread. */
final class ZoneSigner {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMddHHmmss");

    /** A signature on an NSEC record, up to where it has its first octets. */
    private static final Pattern DENIAL =
            Pattern.compile("(?m)(\\sRRSIG\\s+NSEC\\s.*\\s)[A-Za-z0-9+/]{4}(?=[A-Za-z0-9+/]{40})");

    private final Path keys;
    private final Map<String, String> names = new HashMap<>();
    private final Map<String, Signing> signed = new HashMap<>();

    ZoneSigner(Path keys) throws IOException {
        this.keys = Files.createDirectories(keys);
    }

    /**
     * Signs a zone.
     *
     * @param zone with a dot at the end
     * @return the file of the signed zone
     */
    Path sign(Path file, String zone, Signing how) throws IOException {
        signed.put(zone, how);
        Instant now = Clock.systemUTC().instant();
        Instant end = switch (how) {
            case EXPIRING -> now.plus(Duration.ofDays(1));
            case EXPIRED -> now.minus(Duration.ofDays(1));
            default -> now.plus(Duration.ofDays(30));
        };
        List<String> command = new ArrayList<>(List.of("dnssec-signzone", "-q", "-z", "-P"));
        if (how == Signing.GOOD_NSEC3) {
            command.addAll(List.of("-3", "-", "-H", "0", "-A"));
        }
        command.addAll(List.of(
                "-O",
                "full",
                "-s",
                time(now.minus(Duration.ofDays(20))),
                "-e",
                time(end),
                "-K",
                keys.toString(),
                "-S",
                "-o",
                zone,
                "-f",
                file + ".signed",
                file.toString()));
        key(zone);
        Commands.run(keys, command.toArray(String[]::new));
        Path signedFile = Path.of(file + ".signed");
        if (how == Signing.DENIAL_BROKEN) {
            Files.writeString(
                    signedFile, DENIAL.matcher(Files.readString(signedFile)).replaceAll("$1AAAA"));
        }
        return signedFile;
    }

    private static String time(Instant when) {
        return TIME.format(when.atOffset(ZoneOffset.UTC));
    }

    private String key(String zone) throws IOException {
        String known = names.get(zone);
        if (known == null) {
            known = generate(zone, keys);
            names.put(zone, known);
        }
        return known;
    }

    private static String generate(String zone, Path into) throws IOException {
        return Commands.run(
                        into, "dnssec-keygen", "-q", "-a", "ECDSAP256SHA256", "-f", "KSK", "-K", into.toString(), zone)
                .strip();
    }

    /** The DS record that the parent has of a zone. */
    String delegation(String zone) throws IOException {
        boolean other = signed.get(zone) == Signing.OTHER_KEY_AT_PARENT;
        Path place = other ? Files.createDirectories(keys.resolve("others")) : keys;
        String name = other ? generate(zone, place) : key(zone);
        return Commands.run(
                        keys,
                        "dnssec-dsfromkey",
                        "-2",
                        place.resolve(name + ".key").toString())
                .strip();
    }
}
