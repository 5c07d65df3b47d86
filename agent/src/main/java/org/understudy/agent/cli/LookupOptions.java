package org.understudy.agent.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.net.HostAndPort;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.sourceforge.argparse4j.impl.Arguments;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jspecify.annotations.Nullable;
import org.understudy.smtp.Network;

/** What a command that looks from outside can be told: the keys of the configuration that say whom to ask and where. Stateless. */
final class LookupOptions {
    private static final int SMTP = 25;

    private LookupOptions() {}

    static void add(Subparser parser) {
        parser.addArgument("--resolver")
                .metavar("HOST:PORT")
                .action(Arguments.append())
                .help("recursive resolver to ask (dns.resolvers); may be repeated. Default: those of the system");
        parser.addArgument("--dns-port")
                .metavar("PORT")
                .type(Integer.class)
                .help("port of authoritative name servers (dns.authoritativePort); for labs");
        parser.addArgument("--smtp-port")
                .metavar("PORT")
                .type(Integer.class)
                .setDefault(SMTP)
                .help("port of exchangers that are not declared; for labs");
        parser.addArgument("--public-network")
                .metavar("NETWORK")
                .action(Arguments.append())
                .help("network that counts as public although it is reserved (dns.publicNetworks)");
        parser.addArgument("--trust-anchors")
                .metavar("FILE")
                .help("DS or DNSKEY records to validate DNSSEC from (dns.trustAnchorFile)");
        parser.addArgument("--policy-port")
                .metavar("PORT")
                .type(Integer.class)
                .help("HTTPS port of MTA-STS policy hosts (policy.port); for labs");
        parser.addArgument("--ca")
                .metavar("FILE")
                .help("authorities that may have issued the certificates of policy hosts (policy.caFile)");
        parser.addArgument("--ehlo").metavar("NAME").help("name to greet mail servers by (agent.name)");
    }

    static int smtpPort(Namespace namespace) {
        return port("--smtp-port", namespace.getInt("smtp_port"));
    }

    /**
     * The options as the configuration file would have them.
     *
     * @throws StartupException if one cannot be
     */
    static ObjectNode tree(Namespace namespace, ObjectMapper mapper) {
        ObjectNode tree = mapper.createObjectNode();
        ObjectNode dns = tree.putObject("dns");
        List<String> resolvers = namespace.getList("resolver");
        if (resolvers != null) {
            ArrayNode list = dns.putArray("resolvers");
            resolvers.forEach(r -> list.add(resolver(r)));
        }
        Integer dnsPort = namespace.getInt("dns_port");
        if (dnsPort != null) {
            dns.put("authoritativePort", port("--dns-port", dnsPort));
        }
        List<String> networks = namespace.getList("public_network");
        if (networks != null) {
            ArrayNode list = dns.putArray("publicNetworks");
            networks.forEach(n -> list.add(network(n)));
        }
        put(dns, "trustAnchorFile", file("--trust-anchors", namespace.getString("trust_anchors")));
        ObjectNode policy = tree.putObject("policy");
        Integer policyPort = namespace.getInt("policy_port");
        if (policyPort != null) {
            policy.put("port", port("--policy-port", policyPort));
        }
        put(policy, "caFile", file("--ca", namespace.getString("ca")));
        put(tree.putObject("agent"), "name", namespace.getString("ehlo"));
        return tree;
    }

    private static void put(ObjectNode section, String key, @Nullable String value) {
        if (value != null) {
            section.put(key, value);
        }
    }

    private static String resolver(String text) {
        try {
            HostAndPort.fromString(text);
            return text;
        } catch (IllegalArgumentException e) {
            throw new StartupException(
                    "--resolver: \"" + text + "\" is no resolver: write its address as 192.0.2.53 or 192.0.2.53:53.",
                    e);
        }
    }

    private static String network(String text) {
        try {
            Network.parse(text);
            return text;
        } catch (IllegalArgumentException e) {
            throw new StartupException("--public-network: " + e.getMessage() + ".", e);
        }
    }

    private static int port(String option, int port) {
        if (port < 1 || port > 65_535) {
            throw new StartupException(option + ": " + port + " is no port: write a number from 1 to 65535.", null);
        }
        return port;
    }

    private static @Nullable String file(String option, @Nullable String name) {
        if (name != null && !Files.isReadable(Path.of(name))) {
            throw new StartupException(option + ": the file " + name + " cannot be read.", null);
        }
        return name;
    }
}
