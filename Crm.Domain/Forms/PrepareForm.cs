// Saving a form: a new one gets its public key, and every field must lead somewhere a form may write.

using Crm.Domain.Resources;
using Crm.Domain.Values;
using Crm.Domain.Work;

namespace Crm.Domain.Forms;

public static class PrepareForm
{
    public static ValueTask<Form> Run(UnitOfWork work, Form? before, Form form, FieldErrors errors, CancellationToken cancel)
    {
        PlannedField.Check(form, work.Settings, errors);
        var hosts = form.AllowedRedirectHosts.ToArray();
        for (var i = 0; i < hosts.Length; i++)
            if (TryHost(hosts[i], out var host))
                hosts[i] = host;
            else
                errors.Add(
                    $"allowedRedirectHosts.{i}",
                    "invalid",
                    "Must be a host, with its port where it has one: www.example.org, or localhost:8080."
                );
        form = form with { AllowedRedirectHosts = [.. hosts.Distinct(StringComparer.Ordinal)] };
        return new(form.Key.Length == 0 ? form with { Key = PublicKey.New() } : form);
    }

    /// <summary>A host with its port, as addresses are compared with it. Who writes an origin means its host.</summary>
    static bool TryHost(string text, out string host)
    {
        host = "";
        var address = text.Contains("://", StringComparison.Ordinal) ? text : "https://" + text;
        if (
            !TextRules.IsWebAddress(address)
            || !Uri.TryCreate(address, UriKind.Absolute, out var uri)
            || uri.AbsolutePath != "/"
            || uri.Query.Length + uri.Fragment.Length + uri.UserInfo.Length > 0
            || uri.Host.Contains('*', StringComparison.Ordinal)
        )
            return false;
        host = TextRules.HostOf(uri);
        return true;
    }
}
