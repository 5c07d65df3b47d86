package org.understudy.agent.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.Command;
import io.dropwizard.core.setup.Bootstrap;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.understudy.agent.audit.AuditStatus;
import org.understudy.probes.MailDomain;
import org.understudy.probes.Probes;
import org.understudy.smtp.DomainName;

/** {@code understudy init}: prints a configuration to begin with, from what DNS says of a domain. */
public final class InitCommand extends Command {

    public InitCommand() {
        super("init", "Prints a configuration to begin with, from what DNS says of a domain");
    }

    @Override
    public void configure(Subparser parser) {
        parser.addArgument("domain").help("the domain behind the @");
        LookupOptions.add(parser);
    }

    @Override
    public void run(Bootstrap<?> bootstrap, Namespace namespace) throws Exception {
        try {
            ObjectNode options = LookupOptions.tree(namespace, bootstrap.getObjectMapper());
            LookupSections sections = LookupSections.of(options, bootstrap.getObjectMapper());
            DomainName name = name(namespace.getString("domain"));
            MailDomain domain = Probes.presumed(
                    name, LookupOptions.smtpPort(namespace), sections.dns().settings());
            if (domain.intent().mail() && domain.exchangers().isEmpty()) {
                throw new StartupException(
                        name
                                + " has no MX record that names a host, so there is nothing to be declared: publish one first.",
                        null);
            }
            PrintWriter out = Terminal.output();
            out.print(new ConfigurationDraft(domain, sections).text());
            out.flush();
        } catch (IOException e) {
            throw new CommandEnded(AuditStatus.UNKNOWN.exitCode(), List.of(e.getMessage() + "."));
        } catch (RuntimeException e) {
            throw new CommandEnded(1, StartupErrors.explain(e, "understudy init"));
        }
    }

    private static DomainName name(String text) {
        try {
            return DomainName.parse(text);
        } catch (IllegalArgumentException e) {
            throw new StartupException("\"" + text + "\" is no domain: write what stands behind the @.", e);
        }
    }

    @Override
    public void onError(Cli cli, Namespace namespace, Throwable e) {
        List<String> sentences =
                e instanceof CommandEnded ended ? ended.sentences() : StartupErrors.explain(e, "understudy init");
        sentences.forEach(cli.getStdErr()::println);
        cli.getStdErr().flush();
    }
}
