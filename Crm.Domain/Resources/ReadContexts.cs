// What reading values depends on in one workspace, by resource.

namespace Crm.Domain.Resources;

/// <summary>What reading values depends on in one workspace, by resource.</summary>
/// <param name="plain">For a resource without fields of the workspace's own.</param>
/// <param name="byResource">By the resource's name.</param>
public sealed class ReadContexts(ReadContext plain, IReadOnlyDictionary<string, ReadContext> byResource)
{
    public static readonly ReadContexts None = new(ReadContext.Nothing, new Dictionary<string, ReadContext>());

    public ReadContext For(ResourceType type) => byResource.GetValueOrDefault(type.Name, plain);
}
