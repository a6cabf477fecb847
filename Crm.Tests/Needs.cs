// What some tests need besides .NET; without it they are reported as skipped, by name and with what to install.

using System.Diagnostics;
using Xunit;

namespace Crm.Tests;

/// <param name="Name">As it reads in "needs ...".</param>
/// <param name="IsThere">Asked once.</param>
/// <param name="HowToGet">A command or a sentence.</param>
public sealed record Requirement(string Name, Func<bool> IsThere, string HowToGet)
{
    readonly Lazy<bool> isThere = new(IsThere);

    /// <summary>Null when it is there; otherwise the reason a test is skipped for.</summary>
    public string? Missing => isThere.Value ? null : $"needs {Name}: {HowToGet}";
}

/// <summary>The table of requirements. A new one is a line here and an attribute below.</summary>
public static class Needs
{
    public static readonly Requirement Node = new(
        "node and the packages of Crm.Tests/npm",
        () => OnPath("node") && Npm.IsInstalled,
        "install Node.js 20 or later, then run npm install in Crm.Tests/npm"
    );
    public static readonly Requirement Chromium = new("Chromium", () => File.Exists(ChromiumPath), "apt-get install chromium");

    /// <summary>Where Debian puts it; a browser is never downloaded.</summary>
    public const string ChromiumPath = "/usr/bin/chromium";

    public static readonly Requirement Strace = new(
        "strace that may trace",
        () => Works("strace", "-f", "-o", "/dev/null", "true") && MayAttach,
        "apt-get install strace, and run as root (in a container with the capability SYS_PTRACE)"
    );

    public static readonly Requirement Postgres = new(
        "PostgreSQL's server programs",
        () => Stores.PostgresCluster.Programs is not null,
        "apt-get install postgresql"
    );

    public static readonly Requirement Mongo = new(
        "a MongoDB server",
        () => Stores.MongoServer.IsThere,
        "set MONGODB_URI or run npm install --ignore-scripts in Crm.Tests/npm"
    );

    /// <summary>The npm server is in memory, holds nothing durable and sees no conflict between two transactions.</summary>
    public static readonly Requirement RealMongo = new(
        "a real MongoDB replica set",
        () => Stores.MongoServer.IsReal,
        "set MONGODB_URI; the npm test server sees no conflicts between transactions, and a write takes it longer the more it holds"
    );

    public static readonly Requirement Nginx = new(
        "nginx",
        () => OnPath("nginx") || File.Exists("/usr/sbin/nginx"),
        "apt-get install nginx"
    );

    public static readonly Requirement Mounts = new(
        "the right to mount",
        MayMount,
        "run as root (in a container with the capability SYS_ADMIN)"
    );

    public static readonly Requirement Curl = new("curl", () => OnPath("curl") && OnPath("setsid"), "apt-get install curl");

    public static readonly Requirement Namespaces = new(
        "the right to make namespaces with overlay mounts, and .NET where every user may read it",
        MayMakeNamespaces,
        "run as root on Linux with iproute2, util-linux, passwd, openssl and curl (in a container with the capabilities SYS_ADMIN and NET_ADMIN)"
    );

    static bool MayMakeNamespaces()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            return false;
        if (!new[] { "ip", "unshare", "setpriv", "runuser", "useradd", "openssl", "curl" }.All(OnPath))
            return false;
        var dotnet = Path.GetDirectoryName(Path.GetDirectoryName(typeof(object).Assembly.Location))!;
        const string Mounts = """
            mount --make-rprivate / && ip link set lo up && mount -t tmpfs tmpfs /run && mkdir /run/u /run/w &&
            mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/u,workdir=/run/w /etc
            """;
        return Works("unshare", "--mount", "--net", "--pid", "--fork", "bash", "-c", Mounts)
            && Works("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "test", "-r", dotnet);
    }

    /// <summary>Whether a process may be traced that is not a child of the tracer.</summary>
    static bool MayAttach =>
        Environment.IsPrivilegedProcess
        || !File.Exists("/proc/sys/kernel/yama/ptrace_scope")
        || File.ReadAllText("/proc/sys/kernel/yama/ptrace_scope").Trim() == "0";

    static bool MayMount()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            return false;
        var folder = Directory.CreateTempSubdirectory("crm-mount-").FullName;
        try
        {
            return Works("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder) && Works("umount", folder);
        }
        finally
        {
            Directory.Delete(folder);
        }
    }

    /// <summary>Whether a command can be run and ends with 0.</summary>
    static bool Works(string program, params string[] arguments)
    {
        if (!OnPath(program))
            return false;
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true }
        );
        return process is not null && process.WaitForExit(TimeSpan.FromSeconds(10)) && process.ExitCode == 0;
    }

    /// <summary>Whether a program of that name is in a folder of PATH.</summary>
    public static bool OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, program)) || File.Exists(Path.Combine(folder, program + ".exe")));
}

/// <summary>A test that asks a Node script.</summary>
public sealed class NeedsNodeFactAttribute : FactAttribute
{
    public NeedsNodeFactAttribute() => Skip = Needs.Node.Missing;
}

/// <summary>A test that opens pages in a real browser and stops the database meanwhile.</summary>
public sealed class NeedsChromiumAndPostgresFactAttribute : FactAttribute
{
    public NeedsChromiumAndPostgresFactAttribute() => Skip = Needs.Chromium.Missing ?? Needs.Postgres.Missing;
}

/// <summary>A test that opens pages in a real browser.</summary>
public sealed class NeedsChromiumFactAttribute : FactAttribute
{
    public NeedsChromiumFactAttribute() => Skip = Needs.Chromium.Missing;
}

/// <summary>The same with cases.</summary>
public sealed class NeedsChromiumTheoryAttribute : TheoryAttribute
{
    public NeedsChromiumTheoryAttribute() => Skip = Needs.Chromium.Missing;
}

/// <summary>A test that lets system calls fail or watches them.</summary>
public sealed class NeedsStraceFactAttribute : FactAttribute
{
    public NeedsStraceFactAttribute() => Skip = Needs.Strace.Missing;
}

/// <summary>The same for several rows of data.</summary>
public sealed class NeedsStraceTheoryAttribute : TheoryAttribute
{
    public NeedsStraceTheoryAttribute() => Skip = Needs.Strace.Missing;
}

/// <summary>A test that mounts a small disk of its own.</summary>
public sealed class NeedsMountsFactAttribute : FactAttribute
{
    public NeedsMountsFactAttribute() => Skip = Needs.Mounts.Missing;
}

/// <summary>A test with a PostgreSQL of its own.</summary>
public sealed class NeedsPostgresFactAttribute : FactAttribute
{
    public NeedsPostgresFactAttribute() => Skip = Needs.Postgres.Missing;
}

/// <summary>A test with hundreds of writes: the small MongoDB server of the tests needs longer for each, the more it holds.</summary>
public sealed class NeedsQuickStoreFactAttribute : FactAttribute
{
    public NeedsQuickStoreFactAttribute() =>
        Skip = Environment.GetEnvironmentVariable("CRM_TEST_STORE") == "mongodb" ? Needs.RealMongo.Missing : null;
}

/// <summary>A test that asks Node about thousands of writes.</summary>
public sealed class NeedsNodeAndQuickStoreFactAttribute : FactAttribute
{
    public NeedsNodeAndQuickStoreFactAttribute() => Skip = Needs.Node.Missing ?? new NeedsQuickStoreFactAttribute().Skip;
}

/// <summary>The same with cases.</summary>
public sealed class NeedsQuickStoreTheoryAttribute : TheoryAttribute
{
    public NeedsQuickStoreTheoryAttribute() => Skip = new NeedsQuickStoreFactAttribute().Skip;
}

/// <summary>A test with a MongoDB.</summary>
public sealed class NeedsMongoFactAttribute : FactAttribute
{
    public NeedsMongoFactAttribute() => Skip = Needs.Mongo.Missing;
}

/// <summary>The same with cases.</summary>
public sealed class NeedsMongoTheoryAttribute : TheoryAttribute
{
    public NeedsMongoTheoryAttribute() => Skip = Needs.Mongo.Missing;
}

/// <summary>A test of what only a real MongoDB does.</summary>
public sealed class NeedsRealMongoFactAttribute : FactAttribute
{
    public NeedsRealMongoFactAttribute() => Skip = Needs.RealMongo.Missing;
}

/// <summary>A test with a PostgreSQL and nginx before several nodes.</summary>
public sealed class NeedsNginxAndPostgresFactAttribute : FactAttribute
{
    public NeedsNginxAndPostgresFactAttribute() => Skip = Needs.Postgres.Missing ?? Needs.Nginx.Missing;
}

/// <summary>A newcomer's way: pastes curl's lines and opens pages.</summary>
public sealed class NeedsChromiumAndCurlFactAttribute : FactAttribute
{
    public NeedsChromiumAndCurlFactAttribute() => Skip = Needs.Chromium.Missing ?? Needs.Curl.Missing;
}

/// <summary>A test in namespaces of its own, with nginx and Node's clients.</summary>
public sealed class NeedsNamespacesFactAttribute : FactAttribute
{
    public NeedsNamespacesFactAttribute() => Skip = Needs.Namespaces.Missing ?? Needs.Nginx.Missing ?? Needs.Node.Missing;
}

/// <summary>A test of the compose file: nginx before nodes on a MongoDB.</summary>
public sealed class NeedsNginxMongoAndNodeFactAttribute : FactAttribute
{
    public NeedsNginxMongoAndNodeFactAttribute() => Skip = Needs.Mongo.Missing ?? Needs.Nginx.Missing ?? Needs.Node.Missing;
}

/// <summary>A test with every database.</summary>
public sealed class NeedsMongoAndPostgresFactAttribute : FactAttribute
{
    public NeedsMongoAndPostgresFactAttribute() => Skip = Needs.Mongo.Missing ?? Needs.Postgres.Missing;
}
