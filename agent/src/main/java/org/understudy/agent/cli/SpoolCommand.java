package org.understudy.agent.cli;

import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.Command;
import io.dropwizard.core.setup.Bootstrap;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import net.sourceforge.argparse4j.inf.Subparsers;
import org.understudy.agent.AgentConfiguration;
import org.understudy.agent.config.SpoolSection;
import org.understudy.agent.config.TlsSection;
import org.understudy.spool.QueueAction;

/** {@code understudy spool ...}: looks into a spool from outside, whether an agent runs or not. */
public final class SpoolCommand extends Command {
    private static final String TASK = "spoolTask";

    /** Arguments, or a spool, that nothing can be done with. */
    private static final int UNUSABLE = 2;

    private final List<SpoolTask> tasks;

    public SpoolCommand(Clock clock) {
        super("spool", "Looks into the spool, beside a running agent or without one, and orders its queue about");
        tasks = new ArrayList<>(List.of(
                new ListTask(clock),
                new ShowTask(clock),
                new AgesTask(clock),
                new AuditTask(),
                new VerifyTask(),
                new DoctorTask(clock),
                new ExportTask(),
                new RecipientsTask(clock)));
        for (QueueAction action : QueueAction.values()) {
            tasks.add(new OrderTask(action));
        }
        for (DomainTask.Action action : DomainTask.Action.values()) {
            tasks.add(new DomainTask(action));
        }
    }

    @Override
    public void configure(Subparser parser) {
        Subparsers subparsers =
                parser.addSubparsers().dest(TASK).title("spool commands").metavar("COMMAND");
        for (SpoolTask task : tasks) {
            Subparser subparser = subparsers
                    .addParser(task.name())
                    .description(task.description())
                    .help(task.description())
                    .defaultHelp(true);
            task.configure(subparser);
            subparser
                    .addArgument("--directory")
                    .metavar("DIR")
                    .help("the spool's directory, instead of the configured one");
            subparser
                    .addArgument("--config")
                    .metavar("FILE")
                    .setDefault("config.yml")
                    .help("configuration that names the directory");
            subparser
                    .addArgument("--format")
                    .choices("text", "json")
                    .setDefault("text")
                    .help("how to print the result");
        }
    }

    @Override
    public void run(Bootstrap<?> bootstrap, Namespace namespace) throws Exception {
        SpoolTask task = tasks.stream()
                .filter(t -> t.name().equals(namespace.getString(TASK)))
                .findFirst()
                .orElseThrow();
        // Not System.out, which encodes, and not closed, because it is the process's.
        OutputStream standard = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out));
        boolean json = namespace.getString("format").equals("json");
        int exitCode;
        try (CommandOutput output = new CommandOutput(bootstrap.getObjectMapper(), json, task.list(), standard)) {
            exitCode = task.run(namespace, place(bootstrap, namespace), output);
        } catch (CommandEnded e) {
            throw e;
        } catch (Exception e) {
            throw new CommandEnded(UNUSABLE, StartupErrors.explain(e, namespace.getString("config")));
        }
        if (exitCode != 0) {
            throw new CommandEnded(exitCode, List.of());
        }
    }

    private static SpoolPlace place(Bootstrap<?> bootstrap, Namespace namespace)
            throws IOException, ConfigurationException {
        String directory = namespace.getString("directory");
        if (directory != null) {
            long reserve = new AgentConfiguration().spool().reserve().toBytes();
            return new SpoolPlace(Path.of(directory), reserve, Optional.empty(), AgentClient.named(namespace));
        }
        String file = namespace.getString("config");
        if (!Files.isReadable(Path.of(file))) {
            throw new StartupException(
                    "The configuration file " + file
                            + " cannot be read: name one with --config, or the spool's directory with --directory.",
                    null);
        }
        AgentConfiguration configuration = ConfigurationFile.read(bootstrap, file);
        SpoolSection spool = configuration.spool();
        return new SpoolPlace(
                spool.directory(),
                spool.reserve().toBytes(),
                spool.tls().map(TlsSection::certificateFile),
                AgentClient.named(namespace).or(() -> AgentClient.configured(configuration)));
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
