// Settings as ASP.NET Core takes them from a command line, beside a command's own options: --Section:Key=value or --Section:Key value.

using System.CommandLine;

namespace Crm.Api.Commands;

static class Settings
{
    /// <summary>The settings of hosting that stand in no section.</summary>
    static readonly HashSet<string> Alone = new(StringComparer.OrdinalIgnoreCase)
    {
        "urls",
        "http_ports",
        "https_ports",
        "https_port",
        "environment",
        "applicationName",
        "contentRoot",
        "webRoot",
        "allowedHosts",
        "shutdownTimeoutSeconds",
        "detailedErrors",
        "captureStartupErrors",
        "preferHostingUrls",
    };

    static readonly string[] Marks = ["--", "/"];

    const string Name = "settings";

    /// <summary>What a command that reads settings takes beside its options.</summary>
    public static Argument<string[]> Argument() =>
        new(Name)
        {
            HelpName = "SETTING=VALUE",
            Description =
                "Settings, as the environment has them with __ for the colon: --ConnectionStrings:Crm=sqlite:PATH, --Crm:Name=value.",
            Arity = ArgumentArity.ZeroOrMore,
        };

    /// <summary>Those that were given.</summary>
    public static IReadOnlyList<string> Of(ParseResult parsed) =>
        parsed.CommandResult.Command.Arguments.Any(argument => argument.Name == Name) ? parsed.GetValue<string[]>(Name) ?? [] : [];

    public static bool LooksLikeOne(string token) => token.StartsWith('-') || token.StartsWith('/') || token.Contains('=');

    /// <summary>The application's builder, which reads settings files, the environment and what followed the command.</summary>
    public static WebApplicationBuilder Builder(ParseResult parsed) =>
        WebApplication.CreateBuilder([.. Of(parsed), "--hostBuilder:reloadConfigOnChange=false"]);

    /// <summary>A sentence for each that is mistyped: ASP.NET passes over what it does not understand, and it would just not
    /// count.</summary>
    public static IReadOnlyList<string> Misunderstood(IReadOnlyList<string> tokens, Command command)
    {
        var sentences = new List<string>();
        var names = Misunderstanding.Names(command).Concat(Alone.Select(name => "--" + name)).ToList();
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            var mark = Marks.FirstOrDefault(mark => token.StartsWith(mark, StringComparison.Ordinal)) ?? "";
            var equals = token.IndexOf('=');
            var name = equals < 0 ? token[mark.Length..] : token[mark.Length..equals];
            if (!IsName(name) || mark.Length == 0 && equals < 0)
                sentences.Add(
                    name.Contains("__", StringComparison.Ordinal)
                        ? $"'{token}' is a setting as the environment has it: on a command line it is --{name.Replace("__", ":", StringComparison.Ordinal)}=value."
                        : Misunderstanding.Sentence(token, false, names)
                );
            else if (equals < 0 && (++i == tokens.Count || tokens[i].StartsWith("--", StringComparison.Ordinal)))
                sentences.Add($"{token} needs a value: {token}=value.");
        }
        return sentences;
    }

    static bool IsName(string name) =>
        Alone.Contains(name)
        || name.StartsWith("OTEL_", StringComparison.Ordinal)
        || name.Contains(':')
            && name.Split(':').All(part => part.Length > 0 && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-'));
}
