// Who is asking, and what he may do: the one place where the scopes of an API key are asked.

using System.Collections.Concurrent;
using Crm.Domain.Events;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;

namespace Crm.Api.Security;

/// <summary>Who is asking, once it is known. For one request or one open connection.</summary>
/// <param name="origin">How the world reaches the product, for addresses in what is answered: scheme, host and port.</param>
public sealed class Caller(Installation installation, WorkspaceSettings settings, ApiKey key, string origin)
{
    ConcurrentDictionary<ResourceType, Rights>? known;

    public WorkspaceSettings Settings => settings;
    public ApiKey Key => key;
    public string Origin => origin;

    /// <summary>As events and provenance name the cause.</summary>
    public string By => field ??= key.Id.Text<ApiKey>();

    /// <summary>What the caller may do with a resource: everything that reads or writes asks here, and nothing else decides.</summary>
    public Rights Rights(ResourceType type)
    {
        if (installation.Catalog.RightsRules.Count == 0 && installation.Catalog.For(type).Narrow is null)
            return Scopes(type);
        var all = known ?? Interlocked.CompareExchange(ref known, new(), null) ?? known!;
        return all.GetOrAdd(type, Narrowed);
    }

    Rights Scopes(ResourceType type) => Domain.Work.Rights.Of(key.Allows(type.Plural, "read"), key.Allows(type.Plural, "write"));

    Rights Narrowed(ResourceType type)
    {
        var rights = Scopes(type);
        foreach (var rule in installation.Catalog.RightsRules)
            rights = rule(settings, By, type, rights);
        return installation.Catalog.For(type).Narrow?.Invoke(installation.Catalog, Rights, rights) ?? rights;
    }

    /// <summary>A unit of work that does no more than the caller may.</summary>
    public UnitOfWork Work() => new(installation, settings, By) { CallerRights = Rights, Origin = origin };

    /// <summary>What may be read of a timeline of these resources' records.</summary>
    public Rights TimelineRights(params IReadOnlyList<ResourceType> subjects) =>
        new EventRights(installation.Catalog, Rights).Timeline(subjects);

    /// <summary>Refuses what only the installation's own key may make.</summary>
    public void MustBeAllowedToMake(CatalogEntry entry)
    {
        if (entry.Create is not null && !key.Installation)
            throw new ProblemException(ProblemCodes.InsufficientScope, "Only the installation's own admin key may do this.");
    }

    /// <summary>Refuses who may not read a resource at all.</summary>
    public Rights MustRead(ResourceType type) =>
        Rights(type) is { MayRead: true } rights
            ? rights
            : throw new ProblemException(ProblemCodes.InsufficientScope, $"The key needs the scope {type.Plural}:read.");

    public static Caller Of(HttpContext http) =>
        http.Features.Get<Caller>() ?? throw new InvalidOperationException("The route has no NeedsScope.");
}
