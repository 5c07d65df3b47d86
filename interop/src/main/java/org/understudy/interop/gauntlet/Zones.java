package org.understudy.interop.gauntlet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes the zones from the root down to the reverse names: a directory for each name server, in it a file for each zone. The root
 * and the registry's zone are signed.
 */
final class Zones {
    /** Those of the hoster's two servers; root and registry have one directory for both. */
    static final String[] HOSTERS = {"north", "south"};

    static final String ROOT = "root";
    static final String REGISTRY = "registry";

    private static final String SOA = "@ SOA ns1.north." + Places.TOP + ". hostmaster.plain." + Places.TOP
            + ". 2026010101 14400 3600 1209600 3600";

    /** Stands for the hash of a key of the domain. */
    private static final Pattern KEY = Pattern.compile("<key(?: (\\w+))?>");

    private final Path directory;
    private final Map<Domain, Integer> numbers;
    private final Certificates certificates;
    private final ZoneSigner signer;
    private final Map<String, Map<String, Path>> files = new LinkedHashMap<>();
    private final List<String> registry = new ArrayList<>();
    private final Map<String, String> names = new TreeMap<>();

    Zones(Path directory, Map<Domain, Integer> numbers, Certificates certificates) throws IOException {
        this.directory = directory;
        this.numbers = numbers;
        this.certificates = certificates;
        this.signer = new ZoneSigner(directory.resolve("keys"));
        for (String server : List.of(ROOT, REGISTRY, HOSTERS[0], HOSTERS[1])) {
            Files.createDirectories(directory.resolve(server));
            files.put(server, new LinkedHashMap<>());
        }
    }

    /** Files of a server's zones, by their names without a dot at the end; the root's is empty. */
    Map<String, Path> files(String server) {
        return files.getOrDefault(server, Map.of());
    }

    /** Key of the root, as a file of trust anchors has it. */
    String trustAnchor() throws IOException {
        return signer.delegation(".");
    }

    void write() throws IOException {
        for (Map.Entry<Domain, Integer> entry : numbers.entrySet()) {
            domain(entry.getKey(), entry.getValue());
        }
        shared();
        reverse();
        registry();
        root();
    }

    private void domain(Domain domain, int number) throws IOException {
        Delegation delegation = domain.delegation();
        for (int server : delegation.loaded()) {
            List<String> lines = new ArrayList<>(List.of("$ORIGIN " + domain.name() + ".", "$TTL 3600", SOA));
            for (String line : domain.zone(server)) {
                lines.add(filled(line, domain, number));
            }
            write(HOSTERS[server - 1], domain.name(), lines, domain.signing());
        }
        if (delegation.registered()) {
            delegation.parent().forEach(ns -> registry.add(domain.label() + " NS " + absolute(ns, domain.label())));
            delegation
                    .glue()
                    .forEach((ns, at) -> registry.add(absolute(ns, domain.label()) + " A " + Places.fill(at, number)));
        }
        if (domain.signing().isSigned()) {
            registry.add(signer.delegation(domain.name() + "."));
        }
        domain.hosts().forEach((host, all) -> {
            String target = domain.reverseOf(host);
            if (!target.isEmpty()) {
                String name = target.endsWith(".") ? target : target + "." + domain.name() + ".";
                all.stream()
                        .filter(at -> at.startsWith("<"))
                        .forEach(at -> names.putIfAbsent(Places.reverse(Places.fill(at, number)), name));
            }
        });
    }

    private String filled(String line, Domain domain, int number) throws IOException {
        String filled = Places.fill(line, number);
        Matcher key = KEY.matcher(filled);
        return key.find()
                ? key.replaceFirst(certificates.keyHash(
                        key.group(1) == null ? CertificateKind.GOOD : CertificateKind.valueOf(key.group(1)), domain))
                : filled;
    }

    /** The name in the registry's zone. */
    private static String absolute(String name, String label) {
        return name.endsWith(".") ? name : name + "." + label;
    }

    /** What the hoster has besides: its own zones, a block list, somebody else's domain. */
    private void shared() throws IOException {
        for (int i = 0; i < HOSTERS.length; i++) {
            String zone = HOSTERS[i] + "." + Places.TOP;
            hosted(zone, List.of("ns1 A " + Places.HOSTER[i]));
            registry.add("ns1." + HOSTERS[i] + " A " + Places.HOSTER[i]);
            names.put(Places.reverse(Places.HOSTER[i]), Places.HOSTER_NAMES[i]);
        }
        hosted("agent." + Places.TOP, List.of("@ A " + Places.AGENT, "@ MX 10 @"));
        hosted("elsewhere." + Places.TOP, List.of("@ MX 0 ."));
        List<String> list = new ArrayList<>(List.of("2.0.0.127 A 127.0.0.2"));
        for (Map.Entry<Domain, Integer> entry : numbers.entrySet()) {
            if (entry.getKey().seeded().contains("backup-on-dnsbl")) {
                String[] octets = Places.fill("<2>", entry.getValue()).split("\\.", -1);
                list.add(octets[3] + "." + octets[2] + "." + octets[1] + "." + octets[0] + " A 127.0.0.4");
            }
        }
        hosted("bl." + Places.TOP, list);
    }

    private void hosted(String zone, List<String> records) throws IOException {
        List<String> lines = new ArrayList<>(List.of("$ORIGIN " + zone + ".", "$TTL 3600", SOA));
        for (String ns : Places.HOSTER_NAMES) {
            lines.add("@ NS " + ns);
            registry.add(zone + ". NS " + ns);
        }
        lines.addAll(records);
        for (String server : HOSTERS) {
            write(server, zone, lines, Signing.NONE);
        }
    }

    private void reverse() throws IOException {
        for (String zone : List.of("20.in-addr.arpa", "1.0.a.2.ip6.arpa")) {
            List<String> lines = new ArrayList<>(List.of("$TTL 3600", SOA));
            for (String ns : Places.HOSTER_NAMES) {
                lines.add("@ NS " + ns);
            }
            names.forEach((name, target) -> {
                if (name.endsWith("." + zone)) {
                    lines.add(name + ". PTR " + target);
                }
            });
            for (String server : HOSTERS) {
                write(server, zone, lines, Signing.NONE);
            }
        }
    }

    private void registry() throws IOException {
        List<String> lines = new ArrayList<>(List.of("$ORIGIN " + Places.TOP + ".", "$TTL 3600", SOA));
        for (int i = 0; i < Places.REGISTRY.length; i++) {
            lines.add("@ NS ns" + (i + 1) + ".registry");
            lines.add("ns" + (i + 1) + ".registry A " + Places.REGISTRY[i]);
        }
        // For domains whose records are aliases of those.
        lines.add("_mta-sts.registry TXT \"v=STSv1; id=1\"");
        lines.add("_smtp._tls.registry TXT \"v=TLSRPTv1; rua=mailto:tls@plain." + Places.TOP + "\"");
        lines.addAll(registry);
        write(REGISTRY, Places.TOP, lines, Signing.GOOD);
    }

    private void root() throws IOException {
        List<String> lines = new ArrayList<>(List.of("$ORIGIN .", "$TTL 3600", SOA));
        for (int i = 0; i < Places.ROOT.length; i++) {
            lines.add("@ NS ns" + (i + 1) + ".root-servers.");
            lines.add("ns" + (i + 1) + ".root-servers. A " + Places.ROOT[i]);
            lines.add(Places.TOP + ". NS ns" + (i + 1) + ".registry." + Places.TOP + ".");
            lines.add("ns" + (i + 1) + ".registry." + Places.TOP + ". A " + Places.REGISTRY[i]);
        }
        for (String zone : List.of("20.in-addr.arpa", "1.0.a.2.ip6.arpa")) {
            for (String ns : Places.HOSTER_NAMES) {
                lines.add(zone + ". NS " + ns);
            }
        }
        lines.add(signer.delegation(Places.TOP + "."));
        write(ROOT, "", lines, Signing.GOOD);
    }

    private void write(String server, String zone, List<String> lines, Signing signing) throws IOException {
        Path file = directory.resolve(server).resolve(zone.isEmpty() ? "root" : zone);
        Files.write(file, lines);
        files(server).put(zone, signing.isSigned() ? signer.sign(file, zone + ".", signing) : file);
    }
}
