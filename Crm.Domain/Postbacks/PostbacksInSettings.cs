// The postbacks of a workspace, as a part of its settings: every lead and conversion looks at them.

using Crm.Domain.Work;

namespace Crm.Domain.Postbacks;

/// <param name="All">How many there are, with those that are not called.</param>
/// <param name="Active">Those that are called.</param>
public sealed record KnownPostbacks(int All, IReadOnlyList<OutgoingPostback> Active);

public static class PostbacksInSettings
{
    public static readonly SettingsPart<KnownPostbacks> Part = new(
        async (_, reader, cancel) =>
        {
            var all = await reader.All<OutgoingPostback>(cancel);
            return new(all.Count, [.. all.Where(postback => postback.Active)]);
        }
    );

    extension(WorkspaceSettings settings)
    {
        /// <summary>Postbacks that are called.</summary>
        public IReadOnlyList<OutgoingPostback> Postbacks => settings.Get(Part).Active;

        /// <summary>How many there are, with those that are not.</summary>
        public int AllPostbacks => settings.Get(Part).All;
    }
}
