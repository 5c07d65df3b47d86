package org.understudy.agent;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;

/** The directions of the house. */
@AnalyzeClasses(packages = "org.understudy", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

    @ArchTest
    static final ArchRule SMTP_KNOWS_NOBODY = noClasses()
            .that()
            .resideInAPackage("org.understudy.smtp..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.understudy.spool..",
                    "org.understudy.probes..",
                    "org.understudy.alerts..",
                    "org.understudy.agent..");

    @ArchTest
    static final ArchRule SPOOL_KNOWS_SMTP = noClasses()
            .that()
            .resideInAPackage("org.understudy.spool..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.understudy.probes..", "org.understudy.alerts..", "org.understudy.agent..");

    @ArchTest
    static final ArchRule PROBES_KNOW_SMTP = noClasses()
            .that()
            .resideInAPackage("org.understudy.probes..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.understudy.spool..", "org.understudy.alerts..", "org.understudy.agent..");

    @ArchTest
    static final ArchRule ALERTS_KNOW_NOBODY = noClasses()
            .that()
            .resideInAPackage("org.understudy.alerts..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.understudy.smtp..",
                    "org.understudy.spool..",
                    "org.understudy.probes..",
                    "org.understudy.agent..");

    @ArchTest
    static final ArchRule SPOOL_IS_ITS_ROOT = internalsStayInside("spool");

    @ArchTest
    static final ArchRule PROBES_ARE_THEIR_ROOT = internalsStayInside("probes");

    @ArchTest
    static final ArchRule ALERTS_ARE_THEIR_ROOT = internalsStayInside("alerts");

    @ArchTest
    static final ArchRule SPOOL_HAS_NO_CYCLES =
            slices().matching("org.understudy.spool.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule PROBES_HAVE_NO_CYCLES =
            slices().matching("org.understudy.probes.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule ALERTS_HAVE_NO_CYCLES =
            slices().matching("org.understudy.alerts.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule AGENT_HAS_NO_CYCLES =
            slices().matching("org.understudy.agent.(*)..").should().beFreeOfCycles();

    /** The lab's name server speaks DNS as well. */
    @ArchTest
    static final ArchRule DNSJAVA_STAYS_IN_DNS =
            onlyIn("org.xbill..", "org.understudy.probes.dns..", "org.understudy.agent.lab..");

    @ArchTest
    static final ArchRule SUBETHA_STAYS_IN_RECEPTION = onlyIn("org.subethamail..", "org.understudy.spool.reception..");

    @ArchTest
    static final ArchRule JDBI_STAYS_IN_STORAGE = onlyIn("org.jdbi..", "..storage..");

    @ArchTest
    static final ArchRule FINDINGS_BECOME_SIGNALS_IN_THE_BRIDGE = noClasses()
            .that()
            .resideOutsideOfPackages("org.understudy.agent.bridge..", "org.understudy.alerts..")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("org.understudy.alerts.Signal");

    @ArchTest
    static final ArchRule TIME_COMES_FROM_A_CLOCK = noClasses()
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(LocalDateTime.class, "now")
            .orShould()
            .callMethod(ZonedDateTime.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");

    @ArchTest
    static final ArchRule NO_STANDARD_STREAMS = noClasses()
            .that()
            .resideOutsideOfPackage("org.understudy.agent.cli..")
            .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS);

    @ArchTest
    static final ArchRule NAMES_SAY_WHAT_A_THING_IS = noClasses()
            .should()
            .haveSimpleNameEndingWith("Impl")
            .orShould()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Helper");

    @ArchTest
    static final ArchRule TESTS_ARE_FOUND = methods()
            .that()
            .areAnnotatedWith(Test.class)
            .should()
            .beDeclaredInClassesThat()
            .haveNameMatching(".*(Test|IT|Contract)")
            .allowEmptyShould(true);

    private static ArchRule internalsStayInside(String library) {
        return noClasses()
                .that()
                .resideOutsideOfPackage("org.understudy." + library + "..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.understudy." + library + ".*..");
    }

    private static ArchRule onlyIn(String library, String... packages) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(packages)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library);
    }
}
