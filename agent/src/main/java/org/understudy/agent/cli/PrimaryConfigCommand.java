package org.understudy.agent.cli;

import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.Command;
import io.dropwizard.core.setup.Bootstrap;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.sourceforge.argparse4j.impl.Arguments;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.understudy.agent.AgentConfiguration;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Network;
import org.understudy.spool.NextHop;

/** {@code understudy primary-config}: what a primary has to know of the backup, and whether it does. */
public final class PrimaryConfigCommand extends Command {
    private static final int UNUSABLE = 2;

    public PrimaryConfigCommand() {
        super("primary-config", "Prints what to put on the primary for the sake of the backup, or checks it");
    }

    @Override
    public void configure(Subparser parser) {
        parser.addArgument("--config").metavar("FILE").setDefault("config.yml").help("the agent's configuration");
        parser.addArgument("--for")
                .choices(Arrays.stream(PrimarySoftware.values())
                        .map(PrimaryConfigCommand::name)
                        .toList())
                .help("only for this software");
        parser.addArgument("--address")
                .metavar("ADDRESS")
                .action(Arguments.append())
                .help("address that the primary sees the backup at; default: the one this machine uses towards it");
        parser.addArgument("--check")
                .action(Arguments.storeTrue())
                .help("ask the primary instead: does it take XCLIENT and mail? Sends none. Exit code 0: yes, 1: no");
        parser.addArgument("--format")
                .choices("text", "json")
                .setDefault("text")
                .help("how to print the result");
    }

    private static String name(PrimarySoftware software) {
        return software.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void run(Bootstrap<?> bootstrap, Namespace namespace) throws Exception {
        boolean good;
        OutputStream standard = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out));
        boolean json = namespace.getString("format").equals("json");
        try (CommandOutput output = new CommandOutput(bootstrap.getObjectMapper(), json, "nextHops", standard)) {
            AgentConfiguration configuration = ConfigurationFile.read(bootstrap, namespace.getString("config"));
            Map<NextHop, List<DomainName>> nextHops = nextHops(configuration);
            if (nextHops.isEmpty()) {
                throw new StartupException(
                        "There is no domain in spool.relay, and so no primary to be configured.", null);
            }
            good = namespace.getBoolean("check")
                    ? new PrimaryCheck(configuration, output).run(nextHops)
                    : print(namespace, configuration, nextHops, output);
        } catch (Exception e) {
            throw new CommandEnded(UNUSABLE, StartupErrors.explain(e, namespace.getString("config")));
        }
        if (!good) {
            throw new CommandEnded(1, List.of());
        }
    }

    private static Map<NextHop, List<DomainName>> nextHops(AgentConfiguration configuration) {
        Map<NextHop, List<DomainName>> nextHops =
                new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
        configuration
                .spool()
                .routes()
                .forEach((domain, nextHop) -> nextHops.computeIfAbsent(nextHop, n -> new ArrayList<>())
                        .add(domain));
        return nextHops;
    }

    /**
     * What is printed for one next hop.
     *
     * @param addresses of the backup
     * @param configuration by software
     */
    private record Advice(
            String nextHop, List<String> domains, List<String> addresses, Map<String, String> configuration) {}

    private record Result(String backup) {}

    private static boolean print(
            Namespace namespace,
            AgentConfiguration configuration,
            Map<NextHop, List<DomainName>> nextHops,
            CommandOutput output) {
        String wanted = namespace.getString("for");
        String backup = PrimaryCheck.ourName(configuration);
        nextHops.forEach((nextHop, domains) -> {
            List<InetAddress> addresses = addresses(namespace, nextHop);
            Map<String, String> texts = new TreeMap<>();
            for (PrimarySoftware software : PrimarySoftware.values()) {
                if (wanted == null || wanted.equals(name(software))) {
                    texts.put(name(software), software.configuration(addresses));
                }
            }
            String names = domains.stream().map(DomainName::text).sorted().collect(Collectors.joining(", "));
            String seenAt = addresses.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(", "));
            StringBuilder text = new StringBuilder(
                    "On " + nextHop + ", for " + names + ": the backup " + backup + " comes from " + seenAt + "\n");
            texts.forEach((software, lines) -> text.append("\n--- ")
                    .append(software)
                    .append("\n")
                    .append(lines)
                    .append('\n'));
            output.entry(
                    text.toString(),
                    new Advice(
                            nextHop.toString(),
                            domains.stream().map(DomainName::text).sorted().toList(),
                            addresses.stream().map(InetAddress::getHostAddress).toList(),
                            texts));
        });
        output.end("Then: understudy primary-config --check", new Result(backup));
        return true;
    }

    private static List<InetAddress> addresses(Namespace namespace, NextHop nextHop) {
        List<String> given = namespace.getList("address");
        if (given != null) {
            return given.stream()
                    .map(text -> Network.parseAddress(text)
                            .orElseThrow(() -> new IllegalArgumentException("--address: \"" + text
                                    + "\" is no address: write one as 192.0.2.7 or 2001:db8::7")))
                    .toList();
        }
        return List.of(towards(nextHop)
                .orElseThrow(() -> new StartupException(
                        "It cannot be found out at which address " + nextHop
                                + " sees this machine: name it with --address.",
                        null)));
    }

    /** Connecting a datagram socket chooses our address and sends nothing. */
    private static Optional<InetAddress> towards(NextHop nextHop) {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(InetAddress.getByName(nextHop.host()), nextHop.port()));
            return Optional.of(socket.getLocalAddress()).filter(a -> !a.isAnyLocalAddress());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public void onError(Cli cli, Namespace namespace, Throwable e) {
        List<String> sentences = e instanceof CommandEnded ended
                ? ended.sentences()
                : StartupErrors.explain(e, namespace.getString("config"));
        sentences.forEach(cli.getStdErr()::println);
        cli.getStdErr().flush();
    }
}
