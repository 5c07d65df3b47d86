package org.understudy.agent.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.Command;
import io.dropwizard.core.setup.Bootstrap;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jspecify.annotations.Nullable;
import org.understudy.agent.DomainProbes;
import org.understudy.agent.audit.AuditFiles;
import org.understudy.agent.audit.AuditFormat;
import org.understudy.agent.audit.AuditReport;
import org.understudy.agent.audit.AuditStatus;
import org.understudy.agent.audit.Auditor;
import org.understudy.probes.MailDomain;
import org.understudy.smtp.DomainName;

/** {@code understudy audit}: the probes of some domains once, without an agent and, if need be, without a configuration. */
public final class AuditCommand extends Command {
    private static final int SECONDS = 12;
    private static final int AT_ONCE = 8;

    private final Clock clock;

    public AuditCommand(Clock clock) {
        super("audit", "Looks at mail domains once and says what is wrong. Sends no mail");
        this.clock = clock;
    }

    @Override
    public void configure(Subparser parser) {
        parser.addArgument("domain").nargs("*").help("domains to look at; with --config none for all that it declares");
        parser.addArgument("--config")
                .metavar("FILE")
                .help(
                        "configuration whose dns, probes and domains count: roles, and what is meant to be so."
                                + " Without one the exchangers that are tried first are taken for primaries, the others for backups");
        parser.addArgument("--format")
                .choices(Arrays.stream(AuditFormat.values())
                        .map(AuditCommand::word)
                        .toList())
                .setDefault(word(AuditFormat.TEXT))
                .help(
                        "how to print the result. Exit code 0: nothing worse than an info, 1: warnings, 2: critical, 3: unknown");
        parser.addArgument("--output-dir").metavar("DIR").help("write DIR/DOMAIN.json as well, for each domain");
        parser.addArgument("--timeout")
                .metavar("SECONDS")
                .type(Integer.class)
                .setDefault(SECONDS)
                .help("how long one domain may take");
        parser.addArgument("--parallel")
                .metavar("N")
                .type(Integer.class)
                .setDefault(AT_ONCE)
                .help("domains to look at side by side");
        LookupOptions.add(parser);
    }

    private static String word(AuditFormat format) {
        return format.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void run(Bootstrap<?> bootstrap, Namespace namespace) throws Exception {
        AuditStatus status;
        try {
            status = audit(bootstrap, namespace);
        } catch (Exception e) {
            throw new CommandEnded(AuditStatus.UNKNOWN.exitCode(), StartupErrors.explain(e, source(namespace)));
        }
        if (status != AuditStatus.OK) {
            throw new CommandEnded(status.exitCode(), List.of());
        }
    }

    private AuditStatus audit(Bootstrap<?> bootstrap, Namespace namespace)
            throws IOException, ConfigurationException, InterruptedException {
        ObjectMapper mapper = bootstrap.getObjectMapper();
        LookupSections sections = sections(bootstrap, namespace);
        Map<DomainName, MailDomain> declared = new LinkedHashMap<>();
        sections.domains().forEach(domain -> declared.put(domain.name(), domain));
        List<DomainName> names = names(namespace, declared);
        Auditor auditor = new Auditor(
                DomainProbes.once(sections.agent(), sections.dns(), sections.probes(), sections.policies(), clock),
                sections.dns().settings(),
                declared,
                LookupOptions.smtpPort(namespace),
                Duration.ofSeconds(positive(namespace, "timeout")),
                clock);
        PrintWriter out = Terminal.output();
        AuditFormat format = AuditFormat.valueOf(namespace.getString("format").toUpperCase(Locale.ROOT));
        AuditReport report = format.report(out, format == AuditFormat.TEXT && Terminal.isColoured(), mapper);
        Optional<AuditFiles> files = files(namespace, mapper);
        ProgressLine progress = new ProgressLine(Terminal.error(), Terminal.isErrorShown(), names.size());
        AuditStatus[] worst = {AuditStatus.OK};
        auditor.audit(names, positive(namespace, "parallel"), progress, audit -> {
            progress.clear();
            worst[0] = worst[0].and(audit.status());
            report.add(audit);
            files.ifPresent(f -> f.write(audit));
        });
        progress.clear();
        report.end();
        return worst[0];
    }

    private static LookupSections sections(Bootstrap<?> bootstrap, Namespace namespace)
            throws IOException, ConfigurationException {
        ObjectNode options = LookupOptions.tree(namespace, bootstrap.getObjectMapper());
        String file = namespace.getString("config");
        return file == null
                ? LookupSections.of(options, bootstrap.getObjectMapper())
                : LookupSections.of(ConfigurationFile.read(bootstrap, file, options));
    }

    private static List<DomainName> names(Namespace namespace, Map<DomainName, MailDomain> declared) {
        List<String> named = namespace.getList("domain");
        if (named.isEmpty() && declared.isEmpty()) {
            throw new StartupException(
                    "There is no domain to look at: name one, or a configuration with --config.", null);
        }
        return named.isEmpty()
                ? List.copyOf(declared.keySet())
                : named.stream().map(AuditCommand::name).distinct().toList();
    }

    private static DomainName name(String text) {
        try {
            return DomainName.parse(text);
        } catch (IllegalArgumentException e) {
            throw new StartupException("\"" + text + "\" is no domain: write what stands behind the @.", e);
        }
    }

    private static Optional<AuditFiles> files(Namespace namespace, ObjectMapper mapper) {
        String directory = namespace.getString("output_dir");
        if (directory == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new AuditFiles(Path.of(directory), mapper));
        } catch (IOException e) {
            throw new StartupException("--output-dir: " + directory + " cannot be made: " + e.getMessage() + ".", e);
        }
    }

    private static int positive(Namespace namespace, String option) {
        int number = namespace.getInt(option);
        if (number < 1) {
            throw new StartupException("--" + option + ": " + number + " is too small: write at least 1.", null);
        }
        return number;
    }

    private static String source(@Nullable Namespace namespace) {
        String file = namespace == null ? null : namespace.getString("config");
        return file == null ? "understudy audit" : file;
    }

    @Override
    public void onError(Cli cli, Namespace namespace, Throwable e) {
        List<String> sentences =
                e instanceof CommandEnded ended ? ended.sentences() : StartupErrors.explain(e, source(namespace));
        sentences.forEach(cli.getStdErr()::println);
        cli.getStdErr().flush();
    }
}
