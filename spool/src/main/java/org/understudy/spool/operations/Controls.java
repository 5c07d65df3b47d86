package org.understudy.spool.operations;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.TlsPolicy;
import org.understudy.spool.DomainControl;
import org.understudy.spool.NextHop;
import org.understudy.spool.SpoolException;

/**
 * Which domains an operator has frozen or rerouted, in a small file, so that a restart does not undo it. Thread-safe.
 *
 * <p>A line for each domain, tab-separated: name, since when it is frozen or {@code -}, next hop or {@code -}, who and why.
 */
public final class Controls {
    /** Its name in the spool's directory. */
    public static final String FILE = "controls";

    private static final String NONE = "-";
    private static final int FIELDS = 4;

    private final Path file;
    private Map<DomainName, DomainControl> domains;

    private Controls(Path file, Map<DomainName, DomainControl> domains) {
        this.file = file;
        this.domains = domains;
    }

    /**
     * Reads what is ordered.
     *
     * @throws SpoolException if the file is there and cannot be understood: to go on without could send what is to be held
     */
    public static Controls open(Path file) {
        Map<DomainName, DomainControl> domains = new HashMap<>();
        if (Files.exists(file)) {
            try {
                for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                    DomainControl control = parse(line);
                    domains.put(control.domain(), control);
                }
            } catch (IOException | IllegalArgumentException | DateTimeException e) {
                throw new SpoolException(
                        "What operators ordered for domains cannot be read from " + file + " (" + e.getMessage()
                                + "): mend the file, or delete it, which thaws every domain.",
                        e);
            }
        }
        return new Controls(file, Map.copyOf(domains));
    }

    private static DomainControl parse(String line) {
        String[] f = line.split("\t", -1);
        if (f.length != FIELDS) {
            throw new IllegalArgumentException("\"" + line + "\" has not " + FIELDS + " fields");
        }
        return new DomainControl(
                DomainName.parse(f[0]),
                f[1].equals(NONE) ? Optional.empty() : Optional.of(Instant.parse(f[1])),
                f[2].equals(NONE) ? Optional.empty() : Optional.of(nextHop(f[2])),
                f[3]);
    }

    private static NextHop nextHop(String text) {
        String[] f = text.split(" ", -1);
        return new NextHop(f[0], Integer.parseInt(f[1]), TlsPolicy.valueOf(f[2]));
    }

    private static String line(DomainControl control) {
        return String.join(
                "\t",
                control.domain().text(),
                control.frozen().map(Instant::toString).orElse(NONE),
                control.rerouted()
                        .map(hop -> hop.host() + " " + hop.port() + " " + hop.tls())
                        .orElse(NONE),
                control.words());
    }

    /** Of a domain, if anything is ordered for it. */
    public synchronized Optional<DomainControl> of(DomainName domain) {
        return Optional.ofNullable(domains.get(domain));
    }

    /** All, by name of the domain. */
    public synchronized Collection<DomainControl> all() {
        return List.copyOf(new TreeMap<>(domains).values());
    }

    /**
     * Replaces what is ordered for a domain; durable when it returns.
     *
     * @throws SpoolException if it cannot be written; then nothing has changed
     */
    public synchronized void set(DomainControl control) {
        Map<DomainName, DomainControl> changed = new TreeMap<>(domains);
        if (control.frozen().isPresent() || control.rerouted().isPresent()) {
            changed.put(control.domain(), control);
        } else {
            changed.remove(control.domain());
        }
        try {
            Durable.write(
                    file, changed.values().stream().map(c -> line(c) + "\n").collect(Collectors.joining()));
        } catch (IOException e) {
            throw new SpoolException("Nothing was done, because " + file + " cannot be written: " + e.getMessage(), e);
        }
        domains = Map.copyOf(changed);
    }

    /** The next hop of each domain, where operators have had their say. */
    public synchronized Map<DomainName, NextHop> route(Map<DomainName, NextHop> configured) {
        Map<DomainName, NextHop> routes = new HashMap<>(configured);
        routes.replaceAll(
                (domain, nextHop) -> of(domain).flatMap(DomainControl::rerouted).orElse(nextHop));
        return Map.copyOf(routes);
    }

    /** True if mail for the domain is held. */
    public boolean isFrozen(DomainName domain) {
        return of(domain).flatMap(DomainControl::frozen).isPresent();
    }
}
