// What some tests need besides .NET; without it they are reported as skipped, by name and with what to install.

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
    public static readonly Requirement Node = new("node and the packages of Crm.Tests/npm", () => OnPath("node") && Npm.IsInstalled, "install Node.js 20 or later, then run npm install in Crm.Tests/npm");
    public static readonly Requirement Chromium = new("Chromium", () => File.Exists(ChromiumPath), "apt-get install chromium");

    /// <summary>Where Debian puts it; a browser is never downloaded.</summary>
    public const string ChromiumPath = "/usr/bin/chromium";

    /// <summary>Whether a program of that name is in a folder of PATH.</summary>
    public static bool OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, program)) || File.Exists(Path.Combine(folder, program + ".exe")));
}

/// <summary>A test that asks a Node script.</summary>
public sealed class NeedsNodeFactAttribute : FactAttribute
{
    public NeedsNodeFactAttribute() => Skip = Needs.Node.Missing;
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
