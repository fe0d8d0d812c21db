"""Form a groupement: one frozen set of data from which every act is drafted, and the refusal of what the law forbids."""
